import type { environment } from './environment';
import { cut_to_bytes } from './utf8';

const repeat_ms = 3_000;
const text_repeat_ms = 1_000;
const text_bytes_max = 1_024;

// How long somebody is taken to type, after the last that was heard of it.
const typing_ms = 6_000;

/// What one types, told no oftener than the node passes it on: at every key stroke it may be asked.
export class own_typing {
  private told_at_ = -Infinity;
  private told_text_ = '';
  private text_ = '';
  private timer_: unknown;

  constructor(
    private readonly env_: environment,
    private readonly tell_: (on: boolean, text?: string) => void,
  ) {}

  /// `text` only where agents may see it.
  set(on: boolean, text?: string): void {
    const now = this.env_.now();
    if (!on) {
      const was_on = now - this.told_at_ < typing_ms;
      this.reset();
      if (was_on) this.tell_(false);
    } else if (text !== undefined) {
      this.text_ = cut_to_bytes(text, text_bytes_max);
      this.tell_text_();
    } else if (now - this.told_at_ >= repeat_ms) {
      this.told_at_ = now;
      this.tell_(true);
    }
  }

  /// A post was sent, or the connection is gone: what was told is forgotten.
  reset(): void {
    this.env_.clear_timeout(this.timer_);
    this.timer_ = undefined;
    this.told_at_ = -Infinity;
    this.told_text_ = '';
  }

  // The last of several quick strokes is told when its time has come.
  private tell_text_(): void {
    if (this.timer_ !== undefined) return;
    const now = this.env_.now();
    const wait_ms = this.told_at_ + text_repeat_ms - now;
    if (wait_ms > 0) {
      this.timer_ = this.env_.set_timeout(() => {
        this.timer_ = undefined;
        if (this.text_ !== this.told_text_) this.tell_text_();
      }, wait_ms);
      return;
    }
    this.told_at_ = now;
    this.told_text_ = this.text_;
    this.tell_(true, this.text_);
  }
}

/// Who else is typing, until six seconds after it was last heard of.
export class others_typing {
  private readonly heard_ = new Map<string, { until: number; text?: string }>();
  private timer_: unknown;

  constructor(
    private readonly env_: environment,
    private readonly show_: (typing: string[]) => void,
  ) {}

  text(person: string): string | undefined {
    return this.heard_.get(person)?.text;
  }

  set(person: string, on: boolean, text?: string): void {
    if (!on && !this.heard_.delete(person)) return;
    const until = this.env_.now() + typing_ms;
    if (on) this.heard_.set(person, { until, text: text ?? this.text(person) });
    this.tell_();
  }

  forget(): void {
    if (this.heard_.size === 0) return;
    this.heard_.clear();
    this.tell_();
  }

  private tell_(): void {
    this.env_.clear_timeout(this.timer_);
    const now = this.env_.now();
    for (const [person, { until }] of this.heard_) if (until <= now) this.heard_.delete(person);
    if (this.heard_.size > 0) {
      const first = Math.min(...[...this.heard_.values()].map((each) => each.until));
      this.timer_ = this.env_.set_timeout(() => this.tell_(), first - now);
    }
    this.show_([...this.heard_.keys()]);
  }
}
