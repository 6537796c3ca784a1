import type { track } from '../../../sdk/src';

const key = 'frontdesk.console.drafts';
const save_after_ms = 300;

/// What was begun and not sent, per conversation and track; it survives a reload of the tab.
export class drafts {
  private readonly texts: Map<string, string>;
  private timer?: ReturnType<typeof setTimeout>;

  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.texts = new Map(read(storage));
  }

  get(conversation: string, track: track): string {
    return this.texts.get(`${track} ${conversation}`) ?? '';
  }

  set(conversation: string, track: track, text: string): void {
    if (text) this.texts.set(`${track} ${conversation}`, text);
    else this.texts.delete(`${track} ${conversation}`);
    clearTimeout(this.timer);
    this.timer = setTimeout(this.save, save_after_ms);
  }

  readonly save = (): void => {
    clearTimeout(this.timer);
    try {
      this.storage.setItem(key, JSON.stringify([...this.texts]));
    } catch {
      // A full store: the drafts live on in memory.
      return;
    }
  };
}

function read(storage: Pick<Storage, 'getItem'>): [string, string][] {
  try {
    return JSON.parse(storage.getItem(key) ?? '[]');
  } catch {
    return [];
  }
}
