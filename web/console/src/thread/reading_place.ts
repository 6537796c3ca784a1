import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { thread } from '../../../sdk/src';
import type { console_desk } from '../state/desk';

/// So near to the end, somebody who reads wants to see what comes next.
const end_px = 48;
const older_px = 500;

/// Keeps what is read where it is: at the end while new lines come, at its place when older ones
/// are put before it. `left_at` is the position at which the end was left, until it is back.
export function use_reading_place(desk: console_desk, thread: thread) {
  const log = useRef<HTMLDivElement>(null);
  const place = useRef({ pinned: true, placed: false, first: 0, height: 0 });
  const [left_at, set_left_at] = useState<number>();

  const to_end = (): void => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  };
  const fetch_older = (): void => {
    const near = log.current!.scrollTop < older_px;
    // A failed fetch is tried again at the next scroll.
    if (near && thread.has_older && !thread.is_loading_older && desk.is_online) {
      thread.older().catch(() => undefined);
    }
  };
  const on_scroll = (): void => {
    // A scroll event may come after the element is gone.
    if (!log.current) return;
    const { scrollTop, scrollHeight, clientHeight } = log.current;
    const pinned = scrollHeight - scrollTop - clientHeight < end_px;
    if (pinned !== place.current.pinned) {
      place.current.pinned = pinned;
      set_left_at(pinned ? undefined : thread.position);
    }
    fetch_older();
  };

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

  return { log, left_at, to_end, on_scroll };
}
