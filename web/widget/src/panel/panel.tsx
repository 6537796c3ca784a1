import { useEffect, useMemo, useState } from 'preact/hooks';
import { type desk_client, type shown_message, type thread } from '../../../sdk/src';
import type { message_acts } from '../../../parts/message_tools';
import { pictures } from '../../../parts/pictures';
import { line_of } from '../../../parts/quote';
import { use_drop, use_tray, type tray } from '../../../parts/tray';
import type { part_words } from '../../../parts/words';
import { Composer, type writing } from './composer';
import { ConnectionBar } from './connection_bar';
import { Header, type header_facts } from './header';
import { make_rows, type message_row } from './rows';
import { ThreadView } from './thread_view';
import { use_desk } from './use_desk';
import type { words } from './words';

// Far below what the node takes, and more than anybody types into a small window.
const length_max = 4_000;

export function Panel(props: {
  client: desk_client;
  words: words;
  part_words: part_words;
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
  const name_of = (person: string) => names.get(person) ?? words.colleague;
  const files = use_files(client, thread, props.part_words);
  const { writing, acts_of, begin_edit_of_last, stop, send } = use_writing({
    ...props,
    thread,
    name_of,
    tray: files.tray,
  });
  const can_write = !is_closed && client.state.name !== 'stopped';
  const can_drop = can_write && client.files.is_offered;
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
    <main class="panel" onKeyDown={on_key} {...(can_drop ? files.drop.catch : {})}>
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
          name_of={name_of}
          place={files.place}
          is_online={client.state.name === 'online'}
          acts_of={(row) => (can_write || status === 'closed' ? acts_of(row, is_closed) : {})}
          on_choose_again={files.choose_again}
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
          part_words={props.part_words}
          writing={writing}
          tray={files.tray}
          on_stop_writing={stop}
          on_edit_last={begin_edit_of_last}
          length_max={length_max}
          disabled_reason={client.state.name === 'stopped' ? words.paused : undefined}
          focus_count={focus_count}
          on_typing={(on, text) => thread.set_typing(on, text)}
          on_send={send}
        />
      )}
      {can_drop && files.drop.is_over && <div class="drop-here">{props.part_words.drop}</div>}
    </main>
  );
}

/// The files that go with the next message, and those that are shown.
function use_files(client: desk_client, thread: thread, words: part_words) {
  const { files } = client;
  const tray = use_tray(files, words);
  const drop = use_drop(tray.add);
  const cache = useMemo(() => new pictures(files), [files]);
  const place = { conversation: thread.conversation, files, pictures: cache, words };
  const choose_again = (post: string) => {
    void thread.discard(post);
    document.querySelector<HTMLInputElement>('.composer input[type=file]')?.click();
  };
  return { tray, drop, place, choose_again };
}

/// Which message is answered or changed, and what is sent then.
function use_writing(of: {
  client: desk_client;
  thread: thread;
  words: words;
  part_words: part_words;
  name_of: (person: string) => string;
  tray: tray;
}) {
  const { client, thread, words, part_words, tray } = of;
  const [begun, begin] = useState<{ is_edit: boolean; message: shown_message }>();
  const stop = () => begin(undefined);
  useEffect(stop, [thread.conversation]);
  // It may have been deleted meanwhile.
  const now = begun && thread.message(begun.message.seq);
  const is_on = begun && now && !now.deleted && begun.message.conversation === thread.conversation;
  const { is_edit, message } = is_on ? begun : { is_edit: false, message: undefined };
  const is_own = (each: shown_message) => each.author === client.person;

  const acts_of = (row: message_row, is_closed: boolean): message_acts => {
    const { message } = row;
    if (!message || message.deleted || message.change) return {};
    return {
      on_reply: is_closed ? undefined : () => begin({ is_edit: false, message }),
      on_edit:
        is_closed || !row.is_own || !message.text
          ? undefined
          : () => begin({ is_edit: true, message }),
      on_remove: row.is_own ? () => void thread.remove(message) : undefined,
    };
  };
  const begin_edit_of_last = () => {
    const last = thread.events.filter((event) => event.kind === 'message' && is_own(event)).pop();
    if (last?.kind !== 'message' || last.deleted || last.change || !last.text) return;
    begin({ is_edit: true, message: last });
  };
  const send = async (text: string) => {
    const reply_to = is_edit ? undefined : message?.seq;
    const { chosen } = tray;
    stop();
    if (is_edit) return text === now!.text ? undefined : thread.edit(message!, text);
    if (chosen.length === 0) return thread.post(text, { reply_to });
    tray.clear();
    await send_files(thread, chosen, text, reply_to);
  };
  const name = message && (is_own(message) ? words.you : of.name_of(message.author));
  const writing: writing | undefined = message && {
    key: `${is_edit} ${message.seq}`,
    title: is_edit ? part_words.editing : part_words.answering(name!),
    text: line_of(is_edit ? message : now!, part_words),
    is_edit,
  };
  return { writing, acts_of, begin_edit_of_last, stop, send };
}

// What is said about several files goes with the first.
async function send_files(
  thread: thread,
  chosen: File[],
  text: string,
  reply_to?: number,
): Promise<void> {
  for (const [index, blob] of chosen.entries()) {
    const is_first = index === 0;
    await thread.post_file({ blob }, is_first ? text : '', is_first ? { reply_to } : {});
  }
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
