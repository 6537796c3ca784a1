import { render } from 'preact';
import { desk_client, type visitor_identity } from '../../../sdk/src';
import { accent_colours, apply_accent } from '../../../style/accent';
import '../../../parts/parts.css';
import { part_words_for } from '../../../parts/words';
import '../../../style/tokens.css';
import { settings_from_hash } from '../bridge';
import { choose_language } from '../language';
import { chime } from './chime';
import { follow_conversation } from './follow';
import { host_page } from './host_page';
import { forget_identity, identity, known_identity } from './identity';
import './panel.css';
import './thread.css';
import { Panel } from './panel';
import { lend_storage } from './storage';
import { catalogues } from './words';

const settings = settings_from_hash(location.hash);
const language = choose_language(settings.locale, navigator.languages);
const words = catalogues[language];
const root = document.documentElement;
root.lang = language === 'zh' ? 'zh-CN' : 'en';

let inbox: visitor_identity['inbox'] | undefined;
let is_shown = false;

const client = new desk_client({
  url: location.origin,
  role: 'visitor',
  account: `widget ${settings.key}`,
  client: 'widget',
  token: async (refused) => {
    if (refused) forget_identity(settings.key);
    const known = await identity(settings.key);
    show_inbox(known.inbox);
    return known.token;
  },
});

const host = new host_page(begin, (on) => {
  is_shown = on;
  show();
});

function begin(kept: Record<string, string>): void {
  lend_storage(kept, (name, value) => host.tell({ frontdesk: 'keep', name, value }));
  show_inbox(known_identity(settings.key)?.inbox);
  follow_conversation(client, host, words, part_words_for(language));
  client.connect();
}

const dark = matchMedia('(prefers-color-scheme: dark)');

function show_accent(): void {
  const colours = accent_colours(settings.accent || inbox?.accent, dark.matches);
  apply_accent(root.style, colours);
  host.tell({ frontdesk: 'look', accent: colours.accent, on_accent: colours.on_accent });
}

function show_inbox(known: typeof inbox): void {
  inbox = known ?? inbox;
  show_accent();
  show();
}

function show(): void {
  document.title = inbox?.name ?? words.thread;
  render(
    <Panel
      client={client}
      words={words}
      part_words={part_words_for(language)}
      inbox_name={inbox?.name ?? ''}
      greeting={inbox?.greeting ?? ''}
      draft_key={`frontdesk.draft.${settings.key}`}
      is_shown={is_shown}
      on_close={() => host.tell({ frontdesk: 'close' })}
      on_start_again={() => {
        forget_identity(settings.key);
        client.connect();
      }}
    />,
    document.getElementById('app')!,
  );
}

dark.addEventListener('change', show_accent);
client.on('state', (state) => state.name === 'online' && show_inbox(client.inbox));
client.on('message', () => {
  if (!is_shown || document.hidden) chime();
});
