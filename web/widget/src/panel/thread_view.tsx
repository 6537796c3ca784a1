import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { thread } from '../../../sdk/src';
import { move_among_messages } from '../../../parts/message_tools';
import { day_name } from '../../../style/time';
import { Icon } from './icons';
import { Message, type message_facts } from './message';
import type { row } from './rows';

// This close to the end counts as being there.
const end_px = 48;
const older_px = 240;

type facts = Omit<message_facts, 'row' | 'on_go'>;

// How far back a quoted message is looked for.
const pages_max = 20;

export function ThreadView(
  props: facts & {
    rows: row[];
    now: number;
    /// Whether the newest message is on the screen.
    on_end: (is_at_end: boolean) => void;
    children?: preact.ComponentChildren;
  },
) {
  const { thread, rows, words, name_of } = props;
  const box = useRef<HTMLDivElement>(null);
  const [is_at_end, set_at_end] = useState(true);
  const at_end = useRef(true);
  const [seen_to, set_seen_to] = useState(0);
  const last_layout = useRef({ first: '', height: 0, pending: 0 });

  const move = (is_there: boolean) => {
    if (is_there === at_end.current) return;
    at_end.current = is_there;
    set_at_end(is_there);
    set_seen_to(thread.position);
    props.on_end(is_there);
  };
  const go_to_end = () => {
    box.current!.scrollTop = box.current!.scrollHeight;
    move(true);
  };

  // Older messages grow the thread at its top: what is looked at must not move.
  useLayoutEffect(() => {
    const element = box.current!;
    const before = last_layout.current;
    const first = rows.find((row) => row.kind === 'message')?.key ?? '';
    const pending = thread.pending.length;
    if (pending > before.pending || at_end.current) go_to_end();
    else if (first !== before.first) element.scrollTop += element.scrollHeight - before.height;
    last_layout.current = { first, height: element.scrollHeight, pending };
  });

  // The keyboard or a growing composer takes space from below.
  useEffect(() => {
    const observer = new ResizeObserver(() => at_end.current && go_to_end());
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);

  const on_scroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current!;
    move(scrollHeight - scrollTop - clientHeight <= end_px);
    if (scrollTop < older_px && thread.has_older) void thread.older().catch(() => {});
  };
  const unseen = thread.events.filter(
    (event) => event.kind === 'message' && event.seq > seen_to && !event.device && !event.deleted,
  ).length;
  const go = (seq: number) => void go_to_message(thread, box.current!, seq);

  return (
    <div class="thread-place">
      {thread.is_loading_older && (
        <div class="older" role="status">
          {words.older}
        </div>
      )}
      <div
        class="thread"
        ref={box}
        role="log"
        aria-live="polite"
        aria-label={words.thread}
        tabIndex={0}
        onScroll={on_scroll}
        onKeyDown={(event) => {
          if (!move_among_messages(event, box.current!)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <div class="lines">
          {rows.map((row) => (
            <Row key={row.key} {...props} row={row} on_go={go} />
          ))}
          {thread.typing.length > 0 && <Typing text={words.typing(name_of(thread.typing[0]))} />}
          {props.children}
        </div>
      </div>
      {!is_at_end && (
        <button type="button" class="jump" onClick={go_to_end}>
          <Icon name="down" size={16} />
          {unseen > 0 ? words.jump_new(unseen) : words.jump}
        </button>
      )}
    </div>
  );
}

async function go_to_message(thread: thread, box: HTMLElement, seq: number): Promise<void> {
  const find = () => box.querySelector<HTMLElement>(`[data-message="${seq}"]`);
  for (let page = 0; !find() && thread.has_older && page < pages_max; page++) {
    await thread.older().catch(() => undefined);
    await new Promise((drawn) => setTimeout(drawn, 50));
  }
  const message = find();
  message?.scrollIntoView({ block: 'center' });
  message?.focus({ preventScroll: true });
}

function Row(props: facts & { row: row; now: number; on_go: (seq: number) => void }) {
  const { row, words } = props;
  switch (row.kind) {
    case 'day':
      return <div class="day">{day_name(row.time, props.now, words.locale)}</div>;
    case 'unread':
      return (
        <div class="unread">
          <span>{words.unread_line}</span>
        </div>
      );
    case 'system':
      return <div class="system">{row.text}</div>;
    case 'message':
      return <Message {...props} row={row} />;
  }
}

function Typing({ text }: { text: string }) {
  return (
    <div class="message other first last typing">
      <div class="bubble" aria-hidden="true">
        <i />
        <i />
        <i />
      </div>
      <span class="typing-text">{text}</span>
    </div>
  );
}
