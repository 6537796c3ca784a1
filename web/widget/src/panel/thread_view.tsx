import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { thread } from '../../../sdk/src';
import { clock_time, day_name } from '../../../style/time';
import { Icon } from './icons';
import { MessageText } from './message_text';
import type { message_row, row } from './rows';
import type { words } from './words';

// This close to the end counts as being there.
const end_px = 48;
const older_px = 240;

export function ThreadView(props: {
  thread: thread;
  rows: row[];
  now: number;
  words: words;
  name_of: (person: string) => string;
  /// Whether the newest message is on the screen.
  on_end: (is_at_end: boolean) => void;
  children?: preact.ComponentChildren;
}) {
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
    (event) => event.kind === 'message' && event.seq > seen_to && !event.device,
  ).length;

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
      >
        <div class="lines">
          {rows.map((row) => (
            <Row key={row.key} row={row} {...props} />
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

function Row(props: {
  row: row;
  thread: thread;
  now: number;
  words: words;
  name_of: (person: string) => string;
}) {
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

function Message(props: {
  row: message_row;
  thread: thread;
  words: words;
  name_of: (person: string) => string;
}) {
  const { row, words } = props;
  const classes = ['message', row.is_own ? 'own' : 'other'];
  if (row.is_first) classes.push('first');
  if (row.is_last) classes.push('last');
  const name = row.is_own ? words.you : props.name_of(row.author);
  const state = row.is_state_shown && row.state ? words[row.state] : '';
  return (
    <div class={classes.join(' ')}>
      {!row.is_own && row.is_last && (
        <div class="face small" aria-hidden="true">
          {[...name][0]}
        </div>
      )}
      <div class="column">
        <span class="unseen">{name}: </span>
        <div class="bubble" dir="auto">
          <MessageText text={row.text} />
        </div>
        {row.failed ? (
          <Failed row={row} thread={props.thread} words={words} />
        ) : (
          (row.is_last || state) && (
            <div class="meta">
              {!row.is_own && <>{name} · </>}
              <time dateTime={new Date(row.time).toISOString()}>
                {clock_time(row.time, words.locale)}
              </time>
              {state && <> · {state}</>}
            </div>
          )
        )}
      </div>
    </div>
  );
}

function Failed({ row, thread, words }: { row: message_row; thread: thread; words: words }) {
  const { post, code } = row.failed!;
  const reason = words.failed_reasons[code];
  return (
    <div class="meta failed">
      <Icon name="alert" size={14} />
      <span>{reason ? words.failed_because(reason) : words.failed}</span>
      <button type="button" onClick={() => void thread.retry(post)}>
        {words.retry}
      </button>
      <button type="button" onClick={() => void thread.discard(post)}>
        {words.discard}
      </button>
    </div>
  );
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
