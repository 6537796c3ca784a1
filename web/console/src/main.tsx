import { render } from 'preact';
import '../../style/tokens.css';
import './style/base.css';
import './style/frame.css';
import './style/list.css';
import '../../parts/parts.css';
import './style/thread.css';
import './style/composer.css';
import './style/context.css';
import './style/dialogs.css';
import './style/login.css';
import { App } from './app';
import { agent_session } from './state/session';
import { words_for } from './words/words';

const words = words_for(navigator.languages);
document.documentElement.lang = words.language;
const session = new agent_session(location.origin, sessionStorage);

render(<App session={session} words={words} />, document.getElementById('app')!);
