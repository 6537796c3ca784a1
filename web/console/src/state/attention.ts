import { play_tone } from './tone';
import type { settings } from './settings';

// Ten messages at once are one sound.
const quiet_ms = 1_500;

/// What reaches an agent who looks elsewhere: the tone and the number in the tab's title.
export class attention {
  private last_tone = 0;

  constructor(private readonly settings: settings) {}

  tone(kind: 'message' | 'assigned'): void {
    const now = Date.now();
    if (!this.settings.sound || now - this.last_tone < quiet_ms) return;
    this.last_tone = now;
    play_tone(kind);
  }

  title(name: string, unread: number): void {
    const title = this.settings.badge && unread > 0 ? `(${unread}) ${name}` : name;
    if (document.title !== title) document.title = title;
  }
}
