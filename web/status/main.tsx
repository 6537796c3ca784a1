import { render } from 'preact';
import '../style/tokens.css';
import './status.css';
import { Page } from './page';
import { words_context, words_for } from './words';

const words = words_for(navigator.languages);
document.documentElement.lang = words.language;

render(
  <words_context.Provider value={words}>
    <Page />
  </words_context.Provider>,
  document.getElementById('app')!,
);
