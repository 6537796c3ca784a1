import type { list_view, summary } from '../../../sdk/src';

export const views: readonly list_view[] = ['mine', 'queue', 'all', 'closed'];

export function belongs(item: summary, view: list_view, me: string): boolean {
  if (view === 'closed') return item.status === 'closed';
  if (item.status === 'closed') return false;
  if (view === 'mine') return item.assignee?.person === me;
  return view === 'all' || item.status === 'queued';
}

const last_time = (item: summary): number => item.last?.time ?? item.opened_at;

// A visitor who was returned to the queue stands at its head although `since` is young, so the
// desk's own place decides wherever it is known.
function by_queue(one: summary, other: summary): number {
  const places = (one.place ?? Infinity) - (other.place ?? Infinity);
  return places || one.since - other.since || (one.conversation < other.conversation ? -1 : 1);
}

function by_newest(one: summary, other: summary): number {
  return last_time(other) - last_time(one) || (one.conversation < other.conversation ? -1 : 1);
}

// Infinity − Infinity is NaN, which is as good as 0 here.
function by_waiting(one: summary, other: summary): number {
  const waits = (one.waiting_since ?? Infinity) - (other.waiting_since ?? Infinity);
  return waits || by_newest(one, other);
}

const orders: Record<list_view, (one: summary, other: summary) => number> = {
  mine: by_waiting,
  queue: by_queue,
  all: by_newest,
  closed: (one, other) => other.since - one.since || by_newest(one, other),
};

export function matches(item: summary, filter: string): boolean {
  const wanted = filter.trim().toLowerCase().replace(/^#/, '');
  if (!wanted) return true;
  const text = `${item.visitor.name}\n${item.number}\n${item.last?.text ?? ''}`;
  return text.toLowerCase().includes(wanted);
}

/// Every conversation that this page has heard of, merged from the roster, `desk` frames and listed
/// pages, whichever was last. A view is a question to it, so a conversation can never stand in two
/// lists at once or in none.
export class roll {
  private readonly known = new Map<string, { item: summary; heard_in: number }>();
  private generation = 0;
  private readonly answers = new Map<string, { version: number; items: summary[] }>();
  private version = 0;

  /// `call` names a visitor who has not told a name.
  constructor(private readonly call: (item: summary) => string) {}

  get(conversation: string): summary | undefined {
    return this.known.get(conversation)?.item;
  }

  merge(items: readonly summary[]): void {
    for (const item of items) {
      const earlier = this.known.get(item.conversation)?.item;
      // A listed page may have been cut before a `desk` frame that overtook it.
      const stale = earlier && item.head < earlier.head;
      this.known.set(item.conversation, {
        item: stale ? earlier : this.named(item),
        heard_in: this.generation,
      });
    }
    if (items.length) this.version++;
  }

  /// `desk.removed`: these were closed.
  close(conversations: readonly string[], now: number): void {
    for (const conversation of conversations) {
      const entry = this.known.get(conversation);
      if (!entry || entry.item.status === 'closed') continue;
      entry.item = { ...entry.item, status: 'closed', since: now, waiting_since: undefined };
      this.version++;
    }
  }

  change(conversation: string, part: Partial<summary>): void {
    const entry = this.known.get(conversation);
    if (!entry) return;
    entry.item = { ...entry.item, ...part };
    this.version++;
  }

  /// After a reconnect, what is known may be out of date until it has been heard of again.
  begin_again(): void {
    this.generation++;
  }

  /// A view was listed to its end: what belongs to it and was not heard of again is gone.
  settle(view: list_view, me: string): void {
    for (const [conversation, entry] of this.known) {
      if (entry.heard_in === this.generation || !belongs(entry.item, view, me)) continue;
      this.known.delete(conversation);
      this.version++;
    }
  }

  private named(item: summary): summary {
    if (item.visitor.name.trim()) return item;
    return { ...item, visitor: { ...item.visitor, name: this.call(item) } };
  }

  /// The view's rows in order; the same array as long as nothing has changed.
  rows(view: list_view, me: string, filter = ''): summary[] {
    const question = `${view} ${me} ${filter}`;
    const answer = this.answers.get(question);
    if (answer?.version === this.version) return answer.items;
    const items: summary[] = [];
    for (const { item } of this.known.values()) {
      if (belongs(item, view, me) && matches(item, filter)) items.push(item);
    }
    items.sort(orders[view]);
    if (this.answers.size > 16) this.answers.clear();
    this.answers.set(question, { version: this.version, items });
    return items;
  }

  /// Other conversations of the same visitor, newest first.
  of_visitor(item: summary): summary[] {
    const others: summary[] = [];
    for (const entry of this.known.values()) {
      const same = entry.item.visitor.person === item.visitor.person;
      if (same && entry.item.conversation !== item.conversation) others.push(entry.item);
    }
    return others.sort((one, other) => other.opened_at - one.opened_at);
  }
}
