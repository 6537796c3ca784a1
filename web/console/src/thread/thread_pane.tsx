import type { ComponentType } from 'preact';
import { actions_of } from '../actions';
import { Avatar } from '../frame/avatar';
import {
  BackIcon,
  ChatIcon,
  CloseIcon,
  DetailsIcon,
  ReturnIcon,
  TakeIcon,
  TransferIcon,
} from '../frame/icons';
import { Keys } from '../frame/keys_view';
import { caps_text } from '../keys';
import { use_desk } from '../state/desk';
import type { console_desk } from '../state/desk';
import type { summary, thread } from '../../../sdk/src';
import { use_drop, use_tray } from '../../../parts/tray';
import { Composer } from './composer';
import { ThreadLog } from './thread_log';

export function ThreadPane() {
  const desk = use_desk();
  const item = desk.summary();
  const thread = item && desk.thread(item.conversation);
  if (!item || !thread) return <NoThread desk={desk} />;
  return <OpenThread desk={desk} item={item} thread={thread} />;
}

function OpenThread({ desk, item, thread }: { desk: console_desk; item: summary; thread: thread }) {
  const { parts, client, mode } = desk;
  const tray = use_tray(client.files, parts);
  const drop = use_drop(tray.add);
  const takes_files = client.files.is_offered;
  const may_write = item.status !== 'closed' && (mode === 'note' || desk.is_mine(item));
  return (
    <main
      class="thread-pane"
      data-testid="thread"
      data-conversation={item.conversation}
      {...(may_write && takes_files ? drop.catch : {})}
    >
      <ThreadHeader desk={desk} item={item} />
      <ThreadLog desk={desk} thread={thread} item={item} />
      <Composer desk={desk} item={item} tray={tray} />
      {may_write && drop.is_over && <div class="drop-here">{parts.drop}</div>}
    </main>
  );
}

function NoThread({ desk }: { desk: console_desk }) {
  const { empty, hint } = desk.words;
  return (
    <main class="thread-pane none" data-testid="no-thread">
      <span class="empty-icon large">
        <ChatIcon />
      </span>
      <b>{empty.thread}</b>
      <p>{empty.threadHint}</p>
      <dl class="hints">
        <dt>
          <Keys of={['j']} /> <Keys of={['k']} />
        </dt>
        <dd>{hint.move}</dd>
        <dt>
          <Keys of={['mod+k']} />
        </dt>
        <dd>{hint.palette}</dd>
        <dt>
          <Keys of={['?']} />
        </dt>
        <dd>{hint.shortcuts}</dd>
      </dl>
    </main>
  );
}

const buttons: {
  id: string;
  icon: ComponentType;
  name: 'take' | 'transfer' | 'giveBack' | 'close';
}[] = [
  { id: 'take', icon: TakeIcon, name: 'take' },
  { id: 'transfer', icon: TransferIcon, name: 'transfer' },
  { id: 'return', icon: ReturnIcon, name: 'giveBack' },
  { id: 'close', icon: CloseIcon, name: 'close' },
];

function ThreadHeader({ desk, item }: { desk: console_desk; item: summary }) {
  const { words } = desk;
  const actions = actions_of(desk);
  const online = desk.is_visitor_online(item);
  return (
    <header class="thread-header">
      <button class="quiet back" aria-label={words.back} onClick={() => desk.select(undefined)}>
        <BackIcon />
      </button>
      <Avatar person={item.visitor.person} name={item.visitor.name} online={online} />
      <div class="thread-title">
        <h2 dir="auto">{item.visitor.name}</h2>
        <p>
          <span>{words.thread.number(item.number)}</span>
          <span>
            {words.context.inbox} {item.inbox}
          </span>
          {online !== undefined && (
            <span class={online ? 'good' : ''}>
              {online ? words.thread.online : words.thread.away}
            </span>
          )}
        </p>
      </div>
      <div class="thread-actions">
        {buttons.map(({ id, icon: Icon, name }) => {
          const action = actions.find((one) => one.id === id)!;
          if (action.applies === false) return null;
          return (
            <button
              key={id}
              class={id === 'take' ? 'primary slim' : 'plain'}
              title={`${action.name}  ${caps_text(action.keys![0])}`}
              aria-label={action.name}
              data-testid={`action-${id}`}
              onClick={() => action.run(desk)}
            >
              <Icon />
              <span>{words[name]}</span>
            </button>
          );
        })}
        <button
          class="quiet"
          aria-pressed={desk.details}
          aria-label={words.detailsToggle}
          title={`${words.details}  ${caps_text('i')}`}
          data-testid="toggle-details"
          onClick={() => desk.toggle_details()}
        >
          <DetailsIcon />
        </button>
      </div>
    </header>
  );
}
