import { held_back, type plain_way } from './fetch_line';

export type way = 'socket' | plain_way;

const failures_max = 2;
const again_ms = 5 * 60_000;
const again_soon_ms = 10_000;

/// Lasts as long as the browser's tab.
export interface way_memory {
  way: string | undefined;
}

/// Which way to try next. Two WebSockets in a row that never spoke are blocked, if plain requests
/// pass; if these do not either, the node is down or the network is, and nothing was learnt.
export class ways {
  private failures_ = 0;
  private plain_: plain_way = 'stream';
  private had_socket_ = false;
  private socket_again_at_ = 0;

  /// Remembers from page to page which plain way it was: a reload does not wait for what did not
  /// pass a moment ago.
  constructor(
    private readonly now_: () => number,
    private readonly memory_?: way_memory,
  ) {
    const before = memory_?.way;
    if (before !== 'stream' && before !== 'poll') return;
    this.failures_ = failures_max;
    this.plain_ = before;
  }

  next(): way {
    return this.failures_ < failures_max ? 'socket' : this.plain_;
  }

  /// The node's first frame has come this way.
  spoke(by: way): void {
    if (by === 'socket') {
      this.failures_ = 0;
      this.had_socket_ = true;
      this.remember_(undefined);
      return;
    }
    this.remember_(by);
    if (this.socket_again_at_ === 0) {
      // Where a WebSocket has passed before, it was perhaps only the node that was away.
      this.socket_again_at_ = this.now_() + (this.had_socket_ ? again_soon_ms : again_ms);
    }
  }

  /// Ended before the node's first frame.
  failed(by: way, reason: string): void {
    if (by === 'socket') {
      ++this.failures_;
    } else if (by === 'stream' && reason === held_back) {
      this.plain_ = 'poll';
    } else {
      this.failures_ = 0;
    }
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
