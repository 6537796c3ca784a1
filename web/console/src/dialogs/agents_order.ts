import type { agent_line } from '../../../sdk/src';

export const is_full = (agent: agent_line): boolean => agent.load >= agent.capacity;

const ranks = { accepting: 0, busy: 2, away: 3, offline: 4 };

function rank(agent: agent_line): number {
  if (!agent.online) return ranks.offline;
  return ranks[agent.status] + (agent.status === 'accepting' && is_full(agent) ? 1 : 0);
}

/// Who can take something now stands first, the least busy of them before the others.
export function agents_in_order(agents: readonly agent_line[], me: string): agent_line[] {
  return agents
    .filter((agent) => agent.person !== me)
    .sort(
      (one, other) =>
        rank(one) - rank(other) ||
        one.load / one.capacity - other.load / other.capacity ||
        one.name.localeCompare(other.name),
    );
}
