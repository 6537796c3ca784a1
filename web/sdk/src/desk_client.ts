import { emitter } from './emitter';
import type { thread } from './thread';
import type {
  agent_line,
  counts,
  desk_event,
  inbox,
  list_view,
  listed_frame,
  routing,
  routing_status,
  summary,
} from './wire';

/// `stopped` needs somebody: `code` is the close code (45xx), 0 after `close()`.
/// `retry_at` is on the clock of Date.now().
export type connection_state =
  | { name: 'connecting' }
  | { name: 'online' }
  | { name: 'reconnecting'; reason: string; code: number; retry_at: number }
  | { name: 'offline' }
  | { name: 'stopped'; reason: string; code: number };

export interface client_options {
  /// Origin of the node, such as `location.origin`.
  url: string;
  role: 'visitor' | 'agent';
  /// Names the person within this browser, so that nobody sends another's unsent posts: the agent's
  /// ref, or the widget key.
  account: string;
  /// A provider is asked at every connect; `refused` says that the last token was not taken.
  token: string | ((refused: boolean) => string | Promise<string>);
  /// Free text for the node's operator.
  client?: string;
}

export interface client_events {
  state: connection_state;
  /// `roster`, `next_conversation`, or a summary within has changed.
  roster: void;
  /// Changes of `desk` while watching.
  desk: { items: summary[]; removed: string[] };
  me: routing;
  tier: number;
  /// Somebody else's message arrived that was not there when this client first looked.
  message: { conversation: string; event: desk_event };
  /// The number of posts that are not recorded yet has changed.
  unsent: number;
}

export class desk_client extends emitter<client_events> {
  constructor(_options: client_options) {
    super();
  }

  state: connection_state = { name: 'stopped', reason: 'closed', code: 0 };
  person = '';
  name = '';
  inbox?: inbox;
  role?: string;
  me?: routing;
  tier = 0;
  counts?: counts;
  text_bytes_max = 32_768;
  unsent = 0;
  /// The conversations that concern this person now.
  readonly roster: ReadonlyMap<string, summary> = new Map();
  /// Every open conversation, while watching.
  readonly desk: ReadonlyMap<string, summary> = new Map();
  /// Visitors: what the next first post opens; undefined while a conversation is open.
  next_conversation?: string;

  connect(): void {}
  close(): void {}
  /// The node's time, from this machine's clock and the last `welcome`.
  now(): number {
    return Date.now();
  }
  /// Always the same object for the same conversation. Visitors may pass 'next': its posts go to the
  /// open conversation, or open the next one.
  thread(_conversation: string): thread {
    throw new Error('later');
  }
  refresh(_token: string): Promise<void> {
    throw new Error('later');
  }
  set_status(_status: routing_status, _capacity?: number): Promise<void> {
    throw new Error('later');
  }
  /// Kept over reconnects.
  watch(_on: boolean): Promise<void> {
    throw new Error('later');
  }
  list(_view: list_view, _after?: string, _limit = 50): Promise<listed_frame> {
    throw new Error('later');
  }
  agents(): Promise<agent_line[]> {
    throw new Error('later');
  }
  transfer(_conversation: string, _to: string): Promise<void> {
    throw new Error('later');
  }
  give_back(_conversation: string): Promise<void> {
    throw new Error('later');
  }
  close_conversation(_conversation: string): Promise<void> {
    throw new Error('later');
  }
}
