import type { kept_post } from './device_store';
import { desk_fault } from './fault';
import type { requests } from './requests';
import type { desk_event, page_frame, track } from './wire';

const page_events = 200;
// How far this machine's clock may have been off when a post was kept.
const clock_error_ms = 86_400_000;

/// The keys of those posts that history shows under the name that they had (`was`). A conversation
/// that is no longer there shows none.
export async function find_recorded(ask: requests, posts: kept_post[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const track of ['public', 'internal'] as const) {
    for (const conversation of new Set(posts.map((post) => post.conversation))) {
      const wanted = posts.filter(
        (post) => post.conversation === conversation && post.track === track,
      );
      if (wanted.length > 0) await look(ask, conversation, track, wanted, found);
    }
  }
  return found;
}

async function look(
  ask: requests,
  conversation: string,
  track: track,
  wanted: kept_post[],
  found: Set<string>,
): Promise<void> {
  const since = Math.min(...wanted.map((post) => post.at)) - clock_error_ms;
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const page = await page_before(ask, conversation, track, before);
    for (const post of wanted) {
      if (page.some((event) => is_event_of(post, event))) found.add(post.key);
    }
    const first = page[0];
    if (!first || first.seq === 1 || first.time < since) return;
    before = first.seq;
  }
}

async function page_before(
  ask: requests,
  conversation: string,
  track: track,
  before: number,
): Promise<desk_event[]> {
  try {
    const frame = { t: 'history', id: 0, conversation, track, before, limit: page_events } as const;
    return (await ask.ask<page_frame>(frame)).events;
  } catch (fault) {
    if (fault instanceof desk_fault && !fault.retry) return [];
    throw fault;
  }
}

function is_event_of(post: kept_post, event: desk_event): boolean {
  return (
    event.kind === 'message' &&
    event.device === post.was!.device &&
    event.n === post.was!.n &&
    event.text === post.text
  );
}
