import type { environment } from './environment';
import type { thread } from './thread';
import type { client_frame } from './wire';

const subs_per_frame_max = 64;
// The desk takes 20 such frames a second, after a burst that leaves room for other requests.
const pause_ms = 60;

/// Asks for the events of many conversations, in few frames and at a pace that the desk takes.
export class subscriber {
  private readonly waiting_ = new Set<thread>();
  private is_resting_ = false;
  private timer_: unknown;

  constructor(
    private readonly env_: environment,
    private readonly send_: (frame: client_frame) => void,
  ) {}

  /// At once if nothing was asked for just now; from the position of that moment.
  ask(threads: Iterable<thread>): void {
    for (const each of threads) this.waiting_.add(each);
    if (!this.is_resting_) this.say_();
  }

  forget(thread: thread): void {
    this.waiting_.delete(thread);
  }

  on_down(): void {
    this.waiting_.clear();
  }

  /// One frame was not taken, and it is not known which: all are asked for again.
  on_refused(all: Iterable<thread>, after_ms: number): void {
    for (const each of all) this.waiting_.add(each);
    this.rest_(after_ms);
  }

  private say_(): void {
    const some = [...this.waiting_].slice(0, subs_per_frame_max);
    if (some.length === 0) return;
    for (const each of some) this.waiting_.delete(each);
    this.send_({ t: 'sub', subs: some.map((each) => each.subscription()) });
    this.rest_(pause_ms);
  }

  private rest_(ms: number): void {
    this.env_.clear_timeout(this.timer_);
    this.is_resting_ = true;
    this.timer_ = this.env_.set_timeout(() => {
      this.is_resting_ = false;
      this.say_();
    }, ms);
  }
}
