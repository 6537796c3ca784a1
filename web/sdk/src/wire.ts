/// The frames of `frontdesk.v1` as TypeScript sees them. docs/wire.md is the contract and says what
/// each field means; this file only gives it types.

export type track = 'public' | 'internal';
export type conversation_status = 'queued' | 'bot' | 'assigned' | 'snoozed' | 'closed';
export type routing_status = 'accepting' | 'busy' | 'away' | 'offline';
export type list_view = 'mine' | 'queue' | 'all' | 'closed';

export interface person {
  person: string;
  name: string;
}

export interface inbox {
  name: string;
  accent: string;
  greeting: string;
  locale: string;
  /// Agents are shown what the visitor types, before it is sent.
  typing_preview?: boolean;
}

export interface summary {
  conversation: string;
  number: number;
  status: conversation_status;
  head: number;
  internal_head?: number;
  /// Its number on the desk.
  inbox: number;
  visitor: person;
  assignee?: person;
  opened_at: number;
  since: number;
  waiting_since?: number;
  /// `text` is what it says now: a file's name where nothing was said with it, '' once deleted.
  last?: { seq?: number; author: string; text: string; time: number };
  received: number;
  read: number;
  peer_received: number;
  peer_read: number;
  visitor_online: boolean;
  place?: number;
  /// To agents: it comes before others.
  vip?: boolean;
}

interface event_fields {
  conversation: string;
  track?: track;
  seq: number;
  time: number;
  author: string;
  device?: string;
  n?: number;
  follows?: number;
}

/// A file as its message tells of it: `type` is what its bytes are.
export interface desk_file {
  id: string;
  name: string;
  type: string;
  bytes: number;
  width?: number;
  height?: number;
  thumbnail: boolean;
}

export interface message_body {
  kind: 'message';
  text: string;
  reply_to?: number;
  file?: desk_file;
  deleted?: boolean;
}

/// One durable line of a conversation.
export type desk_event = event_fields &
  (
    | message_body
    | { kind: 'edited'; target: number; text: string; deleted?: boolean }
    | { kind: 'deleted'; target: number }
    | { kind: 'opened' | 'queued' | 'reopened' }
    | { kind: 'assigned'; to: person }
    | { kind: 'transferred'; to: person; by: person }
    | { kind: 'returned'; reason: 'returned' | 'agent_gone' }
    | { kind: 'closed'; by: person | string }
  );

export type message_event = event_fields & message_body;

export interface routing {
  status: routing_status;
  capacity: number;
  load: number;
}

export interface counts {
  mine: number;
  queue: number;
  all: number;
}

export interface agent_line extends person {
  status: routing_status;
  load: number;
  capacity: number;
  online: boolean;
}

export interface subscription {
  conversation: string;
  after: number;
  internal_after?: number;
}

/// What a post says or changes; at most one of `edits` and `deletes`, neither with the others.
export interface post_body {
  text: string;
  track: track;
  reply_to?: number;
  edits?: number;
  deletes?: number;
}

export interface post_frame extends Partial<post_body> {
  t: 'post';
  /// W3C Trace Context, of whoever follows this post (docs/tracing.md).
  traceparent?: string;
  conversation: string;
  n: number;
  file?: string;
}

export type client_frame =
  | { t: 'hello'; token: string; device: string; client?: string; lean?: boolean }
  | { t: 'refresh'; id: number; token: string }
  | { t: 'sub'; subs: subscription[] }
  | { t: 'unsub'; conversations: string[] }
  | post_frame
  | {
      t: 'history';
      id: number;
      conversation: string;
      track?: track;
      before?: number;
      after?: number;
      limit: number;
    }
  | { t: 'received' | 'read'; conversation: string; seq: number }
  | { t: 'typing'; conversation: string; on: boolean; text?: string }
  | { t: 'status'; id: number; status: routing_status; capacity?: number }
  | { t: 'watch'; id: number; on: boolean }
  | { t: 'list'; id: number; view: list_view; after?: string; limit: number }
  | { t: 'agents'; id: number }
  | { t: 'transfer'; id: number; conversation: string; to: string }
  | { t: 'return' | 'close'; id: number; conversation: string }
  | { t: 'pong' };

export interface welcome_frame {
  t: 'welcome';
  person: string;
  name: string;
  history: string;
  time: number;
  connection: string;
  seat?: string;
  ping_ms: number;
  limits: {
    frame_bytes: number;
    text_bytes: number;
    posts_unacked: number;
    subs: number;
    file_bytes?: number;
  };
  tier: number;
  inbox?: inbox;
  role?: string;
  me?: routing;
}

export interface roster_frame {
  t: 'roster';
  items: summary[];
  removed?: string[];
  more: boolean;
  next?: string;
}

export interface ack_frame {
  t: 'ack';
  conversation: string;
  n: number;
  seq: number;
  time: number;
  track?: track;
}

export interface page_frame {
  t: 'page';
  id: number;
  conversation: string;
  track?: track;
  events: desk_event[];
  head: number;
  more: boolean;
}

export interface listed_frame {
  t: 'listed';
  id: number;
  view: list_view;
  items: summary[];
  after?: string;
  counts: counts;
}

export interface desk_frame {
  t: 'desk';
  items: summary[];
  removed: string[];
  counts: counts;
}

export interface fault_frame {
  t: 'fault';
  code: string;
  message: string;
  retry: boolean;
  retry_after_ms?: number;
  id?: number;
  conversation?: string;
  n?: number;
  expects?: number;
}

export interface bye_frame {
  t: 'bye';
  code: number;
  reason: string;
  retry_after_ms?: number;
}

/// Messages of the public track that have nothing but author, time and text.
export interface lean_frame {
  t: 'lean';
  conversation: string;
  after: number;
  time: number;
  said: { author: string; ms?: number; text: string }[];
}

export type server_frame =
  | welcome_frame
  | roster_frame
  | ({ t: 'event' } & desk_event)
  | ack_frame
  | page_frame
  | { t: 'cursor'; conversation: string; person: string; received: number; read: number }
  | { t: 'typing'; conversation: string; person: string; on: boolean; text?: string }
  | { t: 'presence'; conversation: string; person: string; online: boolean }
  | { t: 'place'; conversation: string; place: number }
  | ({ t: 'me' } & routing)
  | desk_frame
  | listed_frame
  | { t: 'agents'; id: number; agents: agent_line[] }
  | { t: 'done'; id: number }
  | { t: 'gap'; conversation: string; track?: track }
  | { t: 'ping'; heads: Record<string, number> }
  | { t: 'mode'; tier: number }
  | bye_frame
  | fault_frame;
