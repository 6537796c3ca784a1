import type { environment } from './environment';
import { held_back, refused, type plain_way } from './fetch_line';

export type way = 'socket' | plain_way;

const failures_max = 2;
const again_ms = 5 * 60_000;
const again_soon_ms = 10_000;

/// Lasts as long as the browser's tab.
export interface way_memory {
  way: string | undefined;
}

/// Of this browser, best first. A stream is one request where events are two; but proxies that hold
/// back what they do not know often let events pass, and so do browsers that read no stream.
export function plain_ways(env: environment): plain_way[] {
  return env.open_events ? ['stream', 'events', 'poll'] : ['stream', 'poll'];
}

/// Which way to try next. Two WebSockets in a row that never spoke are blocked, if plain requests
/// pass; if these do not either, the node is down or the network is, and nothing was learnt.
export class ways {
  private failures_ = 0;
  // Those that were not held back, best first.
  private plain_: readonly plain_way[];
  private next_plain_: plain_way;
  // The one that has spoken and has not failed since.
  private trusted_: plain_way | undefined;
  // A WebSocket has passed before, or plain requests have not: perhaps it is only the node that was
  // away.
  private is_in_doubt_ = false;
  private socket_again_at_ = 0;

  /// Remembers from page to page which plain way it was: a reload does not wait for what did not
  /// pass a moment ago.
  constructor(
    private readonly now_: () => number,
    plain: readonly plain_way[],
    private readonly memory_?: way_memory,
  ) {
    const before = plain.findIndex((each) => each === memory_?.way);
    this.plain_ = plain.slice(Math.max(0, before));
    this.next_plain_ = this.plain_[0];
    if (before < 0) return;
    this.failures_ = failures_max;
    this.trusted_ = this.plain_[0];
  }

  next(): way {
    return this.failures_ < failures_max ? 'socket' : this.next_plain_;
  }

  /// The node's first frame has come this way.
  spoke(by: way): void {
    if (by === 'socket') {
      this.failures_ = 0;
      this.is_in_doubt_ = true;
      this.remember_(undefined);
      return;
    }
    this.trusted_ = by;
    this.remember_(by);
    if (this.socket_again_at_ === 0) {
      this.socket_again_at_ = this.now_() + (this.is_in_doubt_ ? again_soon_ms : again_ms);
    }
  }

  /// Ended before the node's first frame. Whether the next way may be tried at once: what holds
  /// streams back is a proxy, and not a node that wants to be left in peace.
  failed(by: way, reason: string): boolean {
    if (by === 'socket') {
      ++this.failures_;
      return false;
    }
    const others = this.plain_.slice(this.plain_.indexOf(by) + 1);
    if (reason === held_back && others.length > 0) {
      this.plain_ = others;
      this.next_plain_ = others[0];
      return true;
    }
    this.is_in_doubt_ = true;
    // Perhaps only the stream is refused, and not all requests: the next way will show it.
    const may_be_refused = (by === 'stream' || reason === refused) && this.trusted_ !== by;
    this.trusted_ = undefined;
    if (may_be_refused) {
      this.next_plain_ = others[0];
    } else {
      this.next_plain_ = this.plain_[0];
      this.failures_ = 0;
    }
    return false;
  }

  /// How long until a WebSocket may be tried beside a way that works.
  probe_in_ms(): number {
    return Math.max(0, this.socket_again_at_ - this.now_());
  }

  probed(passes: boolean): void {
    this.socket_again_at_ = passes ? 0 : this.now_() + again_ms;
    if (passes) this.failures_ = 0;
  }

  private remember_(way: plain_way | undefined): void {
    if (this.memory_ && this.memory_.way !== way) this.memory_.way = way;
  }
}
