import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { summary, thread } from '../../../sdk/src';
import { DownIcon } from '../frame/icons';
import type { console_desk } from '../state/desk';
import { Block } from './block';
import { thread_blocks } from './thread_rows';

/// So near to the end, somebody who reads wants to see what comes next.
const end_px = 48;
const older_px = 500;

export function ThreadLog({ desk, thread, item }: { desk: console_desk; thread: thread; item: summary }) {
  const { words } = desk;
  const log = useRef<HTMLDivElement>(null);
  const place = useRef({ pinned: true, placed: false, first: 0, height: 0 });
  const [left_at, set_left_at] = useState<number>();
  const name = item.visitor.name;
  const typing = thread.typing.filter((person) => person.startsWith('visitor:')).length > 0;

  const blocks = thread_blocks({
    events: thread.events,
    pending: thread.pending,
    me: desk.me,
    state_of: (event) => thread.message_state(event),
    unread: desk.unread_line,
  });
  const last_seq = thread.position;
  const below = left_at === undefined ? 0 : messages_after(thread, left_at, desk.me);

  const to_end = (): void => {
    log.current!.scrollTop = log.current!.scrollHeight;
  };
  const fetch_older = (): void => {
    const near = log.current!.scrollTop < older_px;
    // A failed fetch is tried again at the next scroll.
    if (near && thread.has_older && !thread.is_loading_older && desk.is_online) {
      thread.older().catch(() => undefined);
    }
  };
  const on_scroll = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = log.current!;
    const pinned = scrollHeight - scrollTop - clientHeight < end_px;
    if (pinned !== place.current.pinned) {
      place.current.pinned = pinned;
      set_left_at(pinned ? undefined : last_seq);
    }
    fetch_older();
  };

  // Keeps what is read where it is: at the end while new lines come, at its place when older ones are
  // put before it.
  useLayoutEffect(() => {
    const element = log.current!;
    const now = place.current;
    const first = thread.events[0]?.seq ?? 0;
    if (!now.placed && thread.is_loaded) {
      now.placed = true;
      const line = element.querySelector('.unread-line');
      if (line) line.scrollIntoView({ block: 'center' });
      else to_end();
      on_scroll();
    } else if (now.placed && first < now.first) {
      element.scrollTop += element.scrollHeight - now.height;
    } else if (now.pinned) {
      to_end();
    }
    now.first = first;
    now.height = element.scrollHeight;
  });
  useEffect(() => {
    if (!thread.is_loaded) return;
    if (place.current.pinned) desk.mark_read();
    fetch_older();
  });
  useEffect(() => {
    const observer = new ResizeObserver(() => place.current.pinned && to_end());
    observer.observe(log.current!);
    return () => observer.disconnect();
  }, []);

  const loading = !thread.is_loaded && blocks.length === 0;
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
        {typing && (
          <p class="typing" data-testid="typing">
            <i />
            <i />
            <i />
            <span dir="auto">{words.thread.typing(name)}</span>
          </p>
        )}
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

function messages_after(thread: thread, seq: number, me: string): number {
  let count = 0;
  for (const event of thread.events) {
    const foreign = event.kind === 'message' && event.author !== me && event.track !== 'internal';
    if (foreign && event.seq > seq) count++;
  }
  return count;
}

// The log draws and removes whole blocks while it is scrolled, which a screen reader would read out as
// news; so news are told here.
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
