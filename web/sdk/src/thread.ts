import { emitter } from './emitter';
import type { desk_event, summary, track } from './wire';

/// `waiting`: not sent yet (offline, or it has no conversation yet); `sending`: sent, not recorded
/// yet; `sent`: recorded; `failed`: the node refused it for good, see `fault`.
export type post_state = 'waiting' | 'sending' | 'sent' | 'failed';

/// How far an own recorded message got.
export type message_state = 'sent' | 'delivered' | 'read';

export interface pending_post {
  /// Names the post on this device before it has an `n`; stable over reloads.
  key: string;
  n: number;
  text: string;
  track: track;
  at: number;
  state: post_state;
  fault?: { code: string; message: string };
}

export interface thread_events {
  /// Anything that is shown has changed: read the fields again.
  change: void;
}

/// One conversation as this client has applied it.
export class thread extends emitter<thread_events> {
  constructor(readonly conversation: string) {
    super();
  }

  /// Applied events of both tracks in the order in which they are shown; a new array per change.
  events: readonly desk_event[] = [];
  /// Own posts that are not in `events` yet, in order.
  pending: readonly pending_post[] = [];
  summary?: summary;
  /// False until the events up to the first known head have been applied: show a skeleton.
  is_loaded = false;
  has_older = false;
  is_loading_older = false;
  /// Public positions: own, and the other side's cursors.
  position = 0;
  read = 0;
  peer_received = 0;
  peer_read = 0;
  /// Who is typing now, without oneself.
  typing: readonly string[] = [];
  online: ReadonlyMap<string, boolean> = new Map();
  place?: number;

  subscribe(): void {}
  unsubscribe(): void {}
  /// Fetches the 50 events before the first one.
  older(): Promise<void> {
    throw new Error('later');
  }
  /// Resolves when the post is kept on this device (not: recorded); the answer is its key.
  post(_text: string, _track: track = 'public'): Promise<string> {
    throw new Error('later');
  }
  /// Posts a failed post again, as a new one.
  retry(_key: string): Promise<void> {
    throw new Error('later');
  }
  discard(_key: string): Promise<void> {
    throw new Error('later');
  }
  mark_read(_seq = this.position): void {}
  set_typing(_on: boolean): void {}
  message_state(_event: desk_event): message_state {
    throw new Error('later');
  }
}
