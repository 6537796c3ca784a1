import { useCallback, useLayoutEffect } from 'preact/hooks';
import type { summary, thread } from '../../../sdk/src';
import { move_among_messages } from '../../../parts/message_tools';
import { line_of } from '../../../parts/quote';
import type { part_words } from '../../../parts/words';
import { DownIcon } from '../frame/icons';
import type { console_desk } from '../state/desk';
import { Block } from './block';
import { use_reading_place } from './reading_place';
import { thread_blocks } from './thread_rows';

export function ThreadLog(properties: { desk: console_desk; thread: thread; item: summary }) {
  const { desk, thread, item } = properties;
  const { words } = desk;
  const name = item.visitor.name;
  const { log, left_at, to_end, on_scroll } = use_reading_place(desk, thread);
  const blocks = thread_blocks({
    events: thread.events,
    pending: thread.pending,
    me: desk.me,
    state_of: (event) => thread.message_state(event),
    unread: desk.unread_line,
  });
  const on_go = useCallback(
    (row: { seq: number; internal: boolean }) => void go_to_message(thread, log.current!, row),
    [thread],
  );
  useLayoutEffect(() => {
    if (desk.focus_wish !== 'messages') return;
    const all = log.current!.querySelectorAll<HTMLElement>('[data-message]');
    desk.obey_focus('messages', all[all.length - 1] ?? log.current);
  });
  const loading = !thread.is_loaded && blocks.length === 0;
  const below = left_at === undefined ? 0 : messages_after(thread, left_at, desk.me);
  return (
    <div class="thread-middle">
      <div
        class="thread-log"
        ref={log}
        role="log"
        aria-live="off"
        aria-label={words.thread.label(name)}
        aria-busy={loading}
        tabIndex={0}
        onScroll={on_scroll}
        onKeyDown={(event) => {
          if (event.target === log.current || !move_among_messages(event, log.current!)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
        data-testid="log"
      >
        {loading && <Skeleton />}
        {thread.is_loaded && (
          <p class="thread-start">
            {!thread.has_older && words.thread.beginning}
            {thread.is_loading_older && words.thread.older}
          </p>
        )}
        {blocks.map((block, index) => (
          <Block
            key={block.key}
            rows={block.rows}
            desk={desk}
            thread={thread}
            visitor={item.visitor}
            always={index >= blocks.length - 2}
            on_go={on_go}
          />
        ))}
        {thread.typing.includes(item.visitor.person) && (
          <Typing
            text={words.thread.typing(name)}
            typed={thread.typing_text(item.visitor.person)}
          />
        )}
      </div>
      {left_at !== undefined && (
        <button class="to-end" onClick={to_end} data-testid="to-end">
          <DownIcon />
          {below > 0 ? words.thread.newBelow(below) : words.thread.latest}
        </button>
      )}
      <Announcement thread={thread} name={name} me={desk.me} parts={desk.parts} />
    </div>
  );
}

/// `typed` is not sent yet, and may never be.
const Typing = ({ text, typed }: { text: string; typed?: string }) => (
  <p class="typing" data-testid="typing">
    <i />
    <i />
    <i />
    <span dir="auto">
      {text}
      {typed && ':'}
    </span>
    {typed && (
      <q dir="auto" data-testid="typed">
        {typed}
      </q>
    )}
  </p>
);

// How far back a quoted message is looked for.
const pages_max = 20;

async function go_to_message(
  thread: thread,
  log: HTMLElement,
  { seq, internal }: { seq: number; internal: boolean },
): Promise<void> {
  const find = () =>
    log.querySelector<HTMLElement>(`[data-message="${seq}"][data-internal=${internal}]`);
  for (let page = 0; !find() && thread.has_older && page < pages_max; page++) {
    await thread.older().catch(() => undefined);
    await new Promise((drawn) => setTimeout(drawn, 50));
  }
  const message = find();
  message?.scrollIntoView({ block: 'center' });
  message?.focus({ preventScroll: true });
}

function messages_after(thread: thread, seq: number, me: string): number {
  let count = 0;
  for (const event of thread.events) {
    if (event.kind !== 'message' || event.deleted || event.track === 'internal') continue;
    if (event.author !== me && event.seq > seq) count++;
  }
  return count;
}

// The log draws and removes whole blocks while it is scrolled, which a screen reader would read out
// as news; so news are told here.
function Announcement(properties: { thread: thread; name: string; me: string; parts: part_words }) {
  const { thread, name, me, parts } = properties;
  const { events } = thread;
  const last = events[events.length - 1];
  const tells = last?.kind === 'message' && last.author !== me && last.seq > thread.known_head;
  return (
    <div class="hidden" aria-live="polite" data-testid="announcement">
      {tells && `${last.author.startsWith('visitor:') ? `${name}: ` : ''}${line_of(last, parts)}`}
    </div>
  );
}

function Skeleton() {
  return (
    <div class="thread-skeleton" aria-hidden="true">
      {[46, 30, 58, 38, 50, 24].map((width, index) => (
        <span
          key={index}
          class={index % 3 === 2 ? 'bone bubble own' : 'bone bubble'}
          style={{ inlineSize: `${width}%` }}
        />
      ))}
    </div>
  );
}
