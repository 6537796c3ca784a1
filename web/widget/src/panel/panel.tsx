import { useEffect, useMemo, useState } from 'preact/hooks';
import type { desk_client, thread } from '../../../sdk/src';
import { Composer } from './composer';
import { ConnectionBar } from './connection_bar';
import { Header, type header_facts } from './header';
import { make_rows } from './rows';
import { ThreadView } from './thread_view';
import { use_desk } from './use_desk';
import type { words } from './words';

// Far below what the node takes, and more than anybody types into a small window.
const length_max = 4_000;

export function Panel(props: {
  client: desk_client;
  words: words;
  inbox_name: string;
  greeting: string;
  draft_key: string;
  is_shown: boolean;
  on_close: () => void;
  on_start_again: () => void;
}) {
  const { client, words } = props;
  const thread = use_desk(client);
  const is_visible = use_visible(props.is_shown);
  const [is_at_end, set_at_end] = useState(true);
  const [again_in, set_again_in] = useState<string>();
  const [focus_count, set_focus_count] = useState(0);
  const unread_after = use_unread_line(thread, is_visible);
  const rows = make_rows(thread, client.person, words, unread_after);
  const status = thread.summary?.status;
  const is_closed = status === 'closed' && again_in !== thread.conversation;
  const is_empty = rows.length === 0 && (thread.conversation === '' || thread.is_loaded);

  useEffect(() => {
    if (is_visible) set_focus_count((count) => count + 1);
  }, [is_visible]);
  useEffect(() => {
    if (is_visible && is_at_end && thread.unread > 0) thread.mark_read();
  });

  const names = use_names(thread, words);
  const on_key = (event: KeyboardEvent) => {
    if (event.key === 'Escape') props.on_close();
  };
  const write_again = () => {
    set_again_in(thread.conversation);
    set_focus_count((count) => count + 1);
  };
  const end = () => void client.close_conversation(thread.conversation).catch(() => {});
  const is_open = status !== undefined && status !== 'closed';

  return (
    <main class="panel" onKeyDown={on_key}>
      <Header
        facts={header_facts(thread, props.inbox_name || words.colleague, words)}
        words={words}
        on_close={props.on_close}
        on_end={is_open ? end : undefined}
      />
      <ConnectionBar
        state={client.state}
        was_online={client.person !== ''}
        tier={client.tier}
        words={words}
        on_connect={() => client.connect()}
        on_start_again={props.on_start_again}
      />
      {is_empty ? (
        <Welcome greeting={props.greeting || words.greeting} words={words} />
      ) : rows.length === 0 ? (
        <Skeleton words={words} />
      ) : (
        <ThreadView
          key={thread.conversation}
          thread={thread}
          rows={rows}
          now={client.now()}
          words={words}
          name_of={(person) => names.get(person) ?? words.colleague}
          on_end={set_at_end}
        >
          {status === 'queued' && <QueueCard place={thread.place} words={words} />}
        </ThreadView>
      )}
      {is_closed ? (
        <div class="ended">
          <p>{words.closed_title}</p>
          <button type="button" class="main-button" onClick={write_again}>
            {words.write_again}
          </button>
        </div>
      ) : (
        <Composer
          draft_key={props.draft_key}
          words={words}
          length_max={length_max}
          disabled_reason={client.state.name === 'stopped' ? words.paused : undefined}
          focus_count={focus_count}
          on_typing={(on) => thread.set_typing(on)}
          on_send={(text) => thread.post(text)}
        />
      )}
    </main>
  );
}

function Welcome({ greeting, words }: { greeting: string; words: words }) {
  return (
    <section class="welcome">
      <h2>{words.hello}</h2>
      <p>{greeting}</p>
    </section>
  );
}

function Skeleton({ words }: { words: words }) {
  return (
    <div class="skeleton" role="status" aria-label={words.loading}>
      <i class="other" />
      <i class="other short" />
      <i class="own" />
      <i class="other" />
      <i class="own short" />
    </div>
  );
}

function QueueCard({ place, words }: { place?: number; words: words }) {
  const title =
    place === undefined
      ? words.queue_unknown
      : place === 1
        ? words.queue_next
        : words.queue_place(place);
  return (
    <section class="queue" aria-live="polite">
      <div class="queue-place" aria-hidden="true">
        {place ?? '…'}
      </div>
      <div>
        <h2>{title}</h2>
        <p>{words.queue_hint}</p>
      </div>
    </section>
  );
}

function header_facts(thread: thread, inbox_name: string, words: words): header_facts {
  const { summary } = thread;
  const agent = summary?.status === 'assigned' ? summary.assignee : undefined;
  if (agent) {
    const online = thread.online.get(agent.person);
    const line =
      online === undefined ? words.header_assigned : online ? words.agent_online : words.agent_away;
    const name = agent.name || words.colleague;
    return { title: name, line, online, agent: name };
  }
  const line =
    summary?.status === 'queued'
      ? words.header_queued
      : summary?.status === 'closed'
        ? words.header_closed
        : words.header_new;
  return { title: inbox_name, line };
}

/// Names of the people in the thread, as its events tell them.
function use_names(thread: thread, words: words): Map<string, string> {
  const { events, summary } = thread;
  return useMemo(() => {
    const names = new Map([['system', words.colleague]]);
    if (summary?.assignee?.name) names.set(summary.assignee.person, summary.assignee.name);
    for (const event of events) {
      if ('to' in event && event.to.name) names.set(event.to.person, event.to.name);
    }
    return names;
  }, [events, summary]);
}

function use_visible(is_shown: boolean): boolean {
  const [is_awake, set_awake] = useState(!document.hidden);
  useEffect(() => {
    const look = () => set_awake(!document.hidden);
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return is_shown && is_awake;
}

/// Where the unread line stands: fixed when somebody comes to look, so that reading does not move
/// it.
function use_unread_line(thread: thread, is_visible: boolean): number {
  const [after, set_after] = useState(Infinity);
  const { conversation, is_loaded } = thread;
  useEffect(() => {
    if (is_visible && is_loaded) set_after(thread.unread > 0 ? thread.read : Infinity);
  }, [conversation, is_visible, is_loaded]);
  return after;
}
