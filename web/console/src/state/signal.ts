import { useEffect, useState } from 'preact/hooks';

// A hidden page gets no animation frames, but its title still counts.
const hidden_ms = 250;

/// Tells its listeners of changes, at most once per animation frame: fifty events a second cost at
/// most one render per frame, and typing stays ahead of them.
export class signal {
  private readonly listeners = new Set<() => void>();
  private scheduled = false;

  changed(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    if (document.hidden) setTimeout(this.tell, hidden_ms);
    else requestAnimationFrame(this.tell);
  }

  /// For what somebody has pressed: the page has changed before the next key arrives, so that keys
  /// typed in a hurry meet the field that was asked for.
  changed_now(): void {
    for (const listener of [...this.listeners]) listener();
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private readonly tell = (): void => {
    this.scheduled = false;
    this.changed_now();
  };
}

/// Renders the component again whenever the signal has changed.
export function use_signal(signal: signal): void {
  const [, render] = useState({});
  useEffect(() => signal.listen(() => render({})), [signal]);
}
