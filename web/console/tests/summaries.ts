import type { summary } from '../../sdk/src';

export const me = 'agent:00000000000000a1';
export const mia = { person: 'agent:00000000000000a2', name: 'Mia' };

/// A conversation in the queue, but for what `part` says.
export function summary_of(conversation: string, part: Partial<summary> = {}): summary {
  return {
    conversation,
    number: 1,
    status: 'queued',
    head: 3,
    inbox: 1,
    visitor: { person: `visitor:${conversation}`, name: `Visitor ${conversation}` },
    opened_at: 1_000,
    since: 1_000,
    received: 0,
    read: 0,
    peer_received: 0,
    peer_read: 0,
    visitor_online: true,
    ...part,
  };
}

export const assigned_to_me: Partial<summary> = {
  status: 'assigned',
  assignee: { person: me, name: 'Me' },
};

export function last_said(time: number): Partial<summary> {
  return { last: { author: 'visitor:1', text: 'hello', time } };
}
