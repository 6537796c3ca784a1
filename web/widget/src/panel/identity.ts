import { create_visitor, type visitor_identity } from '../../../sdk/src';
import { forget, is_storage_blocked, recall, remember } from './storage';

/// Who this visitor is to the node: made at the first visit, kept for the next ones.

export function known_identity(key: string): visitor_identity | undefined {
  const kept = recall(name(key));
  return kept ? (JSON.parse(kept) as visitor_identity) : undefined;
}

/// Two tabs that start at once must not become two visitors, so they take turns, where the browser
/// lets them.
export async function identity(key: string): Promise<visitor_identity> {
  if (!navigator.locks || is_storage_blocked()) return make(key);
  return await navigator.locks.request(name(key), () => make(key));
}

export function forget_identity(key: string): void {
  forget(name(key));
}

async function make(key: string): Promise<visitor_identity> {
  const known = known_identity(key);
  if (known) return known;
  const made = await create_visitor(location.origin, key);
  remember(name(key), JSON.stringify(made));
  return made;
}

function name(key: string): string {
  return `frontdesk.visitor.${key}`;
}
