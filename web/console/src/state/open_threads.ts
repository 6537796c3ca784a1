import type { thread } from '../../../sdk/src';

// Beyond one's own conversations, for going back and forth.
const recent_max = 8;

/// The threads that are subscribed: one's own conversations all the time, so that switching shows
/// what is already here, and the others as long as they are among the last that were looked at.
export class open_threads {
  private readonly threads = new Map<string, { thread: thread; end: () => void }>();
  private recent: string[] = [];

  constructor(
    private readonly open: (conversation: string) => thread,
    private readonly changed: () => void,
  ) {}

  get(conversation: string): thread | undefined {
    return this.threads.get(conversation)?.thread;
  }

  left(conversation: string): void {
    const others = this.recent.filter((one) => one !== conversation);
    this.recent = [conversation, ...others].slice(0, recent_max);
  }

  keep(own: Iterable<string>, selected: string | undefined): void {
    const wanted = new Set([...own, ...this.recent]);
    if (selected) wanted.add(selected);
    for (const [conversation, { thread, end }] of this.threads) {
      if (wanted.has(conversation)) continue;
      end();
      thread.unsubscribe();
      this.threads.delete(conversation);
    }
    for (const conversation of wanted) {
      if (this.threads.has(conversation)) continue;
      const thread = this.open(conversation);
      this.threads.set(conversation, { thread, end: thread.on('change', this.changed) });
      thread.subscribe();
    }
  }
}
