import { render } from 'preact';

render(<p>Frontdesk</p>, document.getElementById('app')!);
