import type { signal } from './signal';

const shown_ms = 5_000;
const shown_max = 3;

export interface toast {
  key: number;
  text: string;
  bad: boolean;
}

/// Short results of what was done, which go by themselves.
export class toasts {
  items: readonly toast[] = [];
  private next = 1;

  constructor(private readonly signal: signal) {}

  show(text: string, bad = false): void {
    const key = this.next++;
    const others = this.items.filter((toast) => toast.text !== text);
    this.items = [...others.slice(1 - shown_max), { key, text, bad }];
    this.signal.changed();
    setTimeout(() => this.dismiss(key), shown_ms);
  }

  dismiss(key: number): void {
    this.items = this.items.filter((toast) => toast.key !== key);
    this.signal.changed();
  }
}
