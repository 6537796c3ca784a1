import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { person, thread } from '../../../sdk/src';
import type { console_desk } from '../state/desk';
import { line_of } from '../../../parts/quote';
import { DayLine, EventLine, UnreadLine } from './lines';
import { MessageLine } from './message_line';
import type { message_row, row } from './thread_rows';

// Blocks nearer than this to what is seen are drawn.
const near_px = 1_200;

/// Some dozens of rows. Far from what is seen they give way to an empty box of the height that they
/// had, so that a long thread costs no more than a short one and nothing jumps: a height is never
/// guessed, because every block has been drawn once.
export function Block(properties: {
  rows: row[];
  desk: console_desk;
  thread: thread;
  visitor: person;
  always: boolean;
  on_go: (row: { seq: number; internal: boolean }) => void;
}) {
  const { rows, desk, thread, visitor, always } = properties;
  const name_of = (person: string): string =>
    person === visitor.person ? visitor.name : desk.name_of(person);
  const box = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const [near, set_near] = useState(true);

  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries[entries.length - 1];
        if (!entry.isIntersecting) height.current = entry.boundingClientRect.height;
        set_near(entry.isIntersecting);
      },
      { root: box.current!.parentElement, rootMargin: `${near_px}px 0px` },
    );
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);

  // The window may have become narrower since: what grows above the eyes must not push them down.
  useLayoutEffect(() => {
    const element = box.current!;
    const grown = near && height.current ? element.offsetHeight - height.current : 0;
    const log = element.parentElement!;
    if (grown && element.offsetTop < log.scrollTop) log.scrollTop += grown;
    if (near) height.current = 0;
  }, [near]);

  if (!near && !always)
    return <div class="block" ref={box} style={{ blockSize: `${height.current}px` }} />;
  return (
    <div class="block" ref={box}>
      {rows.map((row) => {
        switch (row.kind) {
          case 'day':
            return <DayLine key={row.key} time={row.time} desk={desk} />;
          case 'unread':
            return <UnreadLine key={row.key} away={row.away} desk={desk} />;
          case 'line':
            return <EventLine key={row.key} event={row.event} desk={desk} />;
          case 'message':
            return (
              <MessageLine
                {...row}
                key={row.key}
                desk={desk}
                thread={thread}
                name={name_of(row.author)}
                online={desk.is_online}
                on_go={properties.on_go}
                {...quote_of(row, thread, desk, name_of)}
              />
            );
        }
      })}
    </div>
  );
}

// As plain values, so that a line whose quote is the same is not drawn again.
function quote_of(
  row: message_row,
  thread: thread,
  desk: console_desk,
  name_of: (person: string) => string,
) {
  if (row.reply_to === undefined) return {};
  const answered = thread.message(row.reply_to, row.internal ? 'internal' : 'public');
  if (!answered) return {};
  const is_own = answered.author === desk.me;
  const quote_name = is_own ? desk.words.thread.you : name_of(answered.author);
  return { quote_name, quote_text: line_of(answered, desk.parts) };
}
