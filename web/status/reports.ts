/// What the internal port says, as docs/operations.md and docs/stats.md have it. A field that an
/// older or a newer node does not send is missing: whoever reads asks for that.

export interface figures {
  count: number;
  p50: number;
  p99: number;
  max: number;
}

export interface spread extends figures {
  recent: figures;
}

export interface actor_kind {
  kind: string;
  count: number;
  crashed: number;
  failed: number;
  timeouts: number;
  stuck: number;
  messages: number;
  messages_per_second: number;
  mailbox_now: number;
  mailbox_max: number;
  handling_ns: spread;
}

export interface worker {
  worker: string;
  ready: number;
  queue_delay_ns: spread;
  loop_lag_ns: spread;
}

export interface stuck {
  worker: string;
  kind: string;
  id: number;
  message: string;
  lasted_ms: number;
}

export interface queue {
  tenant: number;
  /// The tenant's.
  name?: string;
  team: number;
  length: number;
  oldest_wait_ms: number;
  open: number;
  agents_accepting: number;
}

export interface stats {
  node: { name: string; version: string; uptime_ms: number; ready: boolean };
  tier: {
    now: number;
    /// Beyond all tiers, and whatever the tier: nobody is let in, posts are refused.
    guarded?: boolean;
    pinned: boolean;
    /// In milliseconds since 1970; only if it is pinned.
    pinned_until?: number;
    /// In a tier of their own.
    tenants?: { tenant: number; name?: string; tier: number; lasted_ms: number }[];
    tenants_left_out?: number;
    lasted_ms: number;
    inputs_permille: Record<string, number>;
    shed: Record<string, number>;
  };
  actors: actor_kind[];
  stuck: stuck[];
  workers: worker[];
  recorder: {
    batches: number;
    failed_batches: number;
    appends: number;
    waiting: number;
    appends_per_batch: spread;
    commit_ns: spread;
  };
  /// Spreads without a value where nothing is counted.
  traffic?: { faults: Record<string, number>; ack_ns: spread; delivery_ns: spread };
  quarantined?: number;
  connections: { tenant: number; transport: string; count: number }[];
  queues: queue[];
  queues_left_out: number;
  agents_present: number;
  visitors_present: number;
  conversations_awake: number;
  outbound_bytes: number;
}

export interface health {
  status: 'ok' | 'failed';
  checks: { name: string; holds: boolean; says: string }[];
}

export interface notice {
  number: number;
  time: number;
  level: 'info' | 'warning' | 'error';
  name: string;
  fields: Record<string, string>;
}

/// One line of the supervision tree.
export interface supervised {
  id: string;
  state: 'planned' | 'running' | 'pausing' | 'stopping' | 'ended';
  strategy?: string;
  restarts: number;
  failures: number;
  last_failure?: string;
  last_failure_at?: number;
  children: supervised[];
  children_left_out?: number;
}
