import type { desk_event } from './wire';

/// One track of a conversation as far as it was applied: everything after `start`, up to
/// `position`, without a hole.
export class timeline {
  start = 0;
  position = 0;
  events: desk_event[] = [];

  /// Nothing is known before `seq`: the first event to apply is the one after it.
  begin(seq: number): void {
    this.start = seq;
    this.position = seq;
    this.events = [];
  }

  /// 'hole': events before it are missing, it was not applied.
  apply(event: desk_event): 'applied' | 'old' | 'hole' {
    if (event.seq <= this.position) return 'old';
    if (event.seq > this.position + 1) return 'hole';
    this.position = event.seq;
    this.events.push(event);
    return 'applied';
  }

  /// Takes the events of a page that end where this timeline starts.
  prepend(page: desk_event[]): void {
    const older = page.filter((event) => event.seq <= this.start);
    if (older.length === 0 || older[older.length - 1].seq !== this.start) return;
    this.events = [...older, ...this.events];
    this.start = older[0].seq - 1;
  }
}

/// Both tracks in the order in which they are shown: an internal event stands after the public one
/// that it follows, and waits until that part of the public track is there.
export function interleave(shown: timeline, internal: timeline): desk_event[] {
  if (internal.events.length === 0) return [...shown.events];
  const all: desk_event[] = [];
  let i = internal.events.findIndex(
    (event) => shown.start === 0 || (event.follows ?? 0) > shown.start,
  );
  if (i < 0) i = internal.events.length;
  const take_up_to = (seq: number) => {
    while (i < internal.events.length && (internal.events[i].follows ?? 0) < seq) {
      all.push(internal.events[i++]);
    }
  };
  for (const event of shown.events) {
    take_up_to(event.seq);
    all.push(event);
  }
  take_up_to(Infinity);
  return all;
}
