import type { summary, thread } from '../../../sdk/src';
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
          />
        ))}
        {thread.typing.includes(item.visitor.person) && <Typing text={words.thread.typing(name)} />}
      </div>
      {left_at !== undefined && (
        <button class="to-end" onClick={to_end} data-testid="to-end">
          <DownIcon />
          {below > 0 ? words.thread.newBelow(below) : words.thread.latest}
        </button>
      )}
      <Announcement thread={thread} name={name} me={desk.me} />
    </div>
  );
}

const Typing = ({ text }: { text: string }) => (
  <p class="typing" data-testid="typing">
    <i />
    <i />
    <i />
    <span dir="auto">{text}</span>
  </p>
);

function messages_after(thread: thread, seq: number, me: string): number {
  let count = 0;
  for (const event of thread.events) {
    const foreign = event.kind === 'message' && event.author !== me && event.track !== 'internal';
    if (foreign && event.seq > seq) count++;
  }
  return count;
}

// The log draws and removes whole blocks while it is scrolled, which a screen reader would read out
// as news; so news are told here.
function Announcement({ thread, name, me }: { thread: thread; name: string; me: string }) {
  const { events } = thread;
  const last = events[events.length - 1];
  const tells = last?.kind === 'message' && last.author !== me && last.seq > thread.known_head;
  return (
    <div class="hidden" aria-live="polite" data-testid="announcement">
      {tells && `${last.author.startsWith('visitor:') ? `${name}: ` : ''}${last.text}`}
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
