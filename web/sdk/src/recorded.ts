import type { kept_post } from './device_store';
import { desk_fault } from './fault';
import type { requests } from './requests';
import type { client_frame, desk_event, page_frame, track } from './wire';

const page_events = 200;
// How far this machine's clock may have been off when a post was kept.
const clock_error_ms = 86_400_000;

/// The keys of those posts that need not be posted again: history shows them under the name that
/// they had (`was`), or what they change is not there any more. A conversation that is no longer
/// there shows none.
export async function find_recorded(ask: requests, posts: kept_post[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const track of ['public', 'internal'] as const) {
    for (const conversation of new Set(posts.map((post) => post.conversation))) {
      const wanted = posts.filter(
        (post) => post.conversation === conversation && post.track === track,
      );
      if (wanted.length === 0) continue;
      await look(ask, conversation, track, wanted, found);
      for (const post of wanted) {
        if (!found.has(post.key) && !(await has_target(ask, post))) found.add(post.key);
      }
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

// In a restored history another message may stand where the changed one stood.
async function has_target(ask: requests, post: kept_post): Promise<boolean> {
  const target = post.edits ?? post.deletes;
  if (target === undefined) return true;
  const { conversation, track } = post;
  const [event] = await page(ask, { conversation, track, after: target - 1, limit: 1 });
  return event?.seq === target && event.time === post.target_time;
}

function page_before(
  ask: requests,
  conversation: string,
  track: track,
  before: number,
): Promise<desk_event[]> {
  return page(ask, { conversation, track, before, limit: page_events });
}

type question = Omit<client_frame & { t: 'history' }, 't' | 'id'>;

async function page(ask: requests, wish: question): Promise<desk_event[]> {
  try {
    return (await ask.ask<page_frame>({ t: 'history', id: 0, ...wish })).events;
  } catch (fault) {
    if (fault instanceof desk_fault && !fault.retry) return [];
    throw fault;
  }
}

function is_event_of(post: kept_post, event: desk_event): boolean {
  const { device, n, time } = post.was!;
  if (event.device !== device || event.n !== n) return false;
  if (time !== undefined) return event.time === time;
  if (event.kind === 'edited') return event.target === post.edits && event.text === post.text;
  if (event.kind === 'deleted') return event.target === post.deletes;
  return (
    event.kind === 'message' && event.text === post.text && event.file?.bytes === post.file?.bytes
  );
}
