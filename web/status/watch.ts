import type { health, notice, stats, supervised } from './reports';

/// The problem: the page of a node in trouble is looked at exactly when the node answers late, half
/// or not at all; it must neither pile up questions nor show old figures as if they were new.
///
/// The answer: one round of questions at a time, each second at most, with an end; what is shown
/// says how old it is.

export const round_ms = 1_000;
export const answer_ms_max = 5_000;
/// What two rounds may differ by in when the node began: as late as answers come, twice.
const began_ms_spread = 2 * answer_ms_max;
export const notices_max = 200;
/// Of the lines that are drawn: two minutes.
export const points_max = 120;

/// Figures of which the last two minutes are drawn.
export interface point {
  time: number;
  recorded_per_second: number;
  messages_per_second: number;
  load: number;
}

export interface seen {
  stats?: stats;
  health?: health;
  tree?: supervised;
  /// The newest first.
  notices: notice[];
  points: point[];
  /// When the last round was answered, and whether the one after it was not.
  answered_at?: number;
  is_lost: boolean;
}

export const nothing_seen: seen = { notices: [], points: [], is_lost: false };

/// What one round has brought.
export interface round {
  at: number;
  stats: stats;
  health: health;
  tree?: supervised;
  notices: notice[];
}

/// The highest load of all inputs; 1 is the edge beyond which people wait.
export function load_of(now: stats): number {
  const inputs = Object.values(now.tier.inputs_permille);
  return inputs.length === 0 ? 0 : Math.max(...inputs) / 1000;
}

function point_of(before: seen, now: round): point {
  const then = before.stats;
  const seconds = (now.at - (before.answered_at ?? now.at)) / 1000;
  const recorded = now.stats.recorder.appends - (then?.recorder.appends ?? 0);
  return {
    time: now.at,
    recorded_per_second: then && seconds > 0 && recorded > 0 ? recorded / seconds : 0,
    messages_per_second: now.stats.actors.reduce((sum, each) => sum + each.messages_per_second, 0),
    load: load_of(now.stats),
  };
}

/// Whether the node was started anew since: it began later than the one before. A smaller uptime
/// alone says so only to a page that never looks away for longer than the node had run.
export function has_restarted(before: seen, now: stats, at: number): boolean {
  if (before.stats === undefined || before.answered_at === undefined) return false;
  const then = before.stats.node.uptime_ms;
  const began_later_ms = at - now.node.uptime_ms - (before.answered_at - then);
  return now.node.uptime_ms < then || began_later_ms > began_ms_spread;
}

/// What is seen after a round.
export function after_round(before: seen, now: round): seen {
  const known = has_restarted(before, now.stats, now.at) ? nothing_seen : before;
  return {
    stats: now.stats,
    health: now.health,
    tree: now.tree,
    notices: [...[...now.notices].reverse(), ...known.notices].slice(0, notices_max),
    points: [...known.points, point_of(known, now)].slice(-points_max),
    answered_at: now.at,
    is_lost: false,
  };
}

type ask = (path: string) => Promise<unknown>;

/// Asks for all that the page shows. `/readyz` answers 503 when it has something to say.
export async function ask_all(ask: ask, before: seen, now: () => number): Promise<round> {
  const after = before.notices[0]?.number ?? 0;
  const [figures, health, tree, told] = await Promise.all([
    ask('/stats'),
    ask('/readyz'),
    ask('/tree'),
    ask(`/notices?after=${after}`),
  ]);
  const stats = figures as stats;
  let { notices } = told as { notices: notice[] };
  // Numbers begin anew with the process.
  if (has_restarted(before, stats, now())) {
    ({ notices } = (await ask('/notices')) as { notices: notice[] });
  }
  return {
    at: now(),
    stats,
    health: health as health,
    tree: tree as supervised,
    notices,
  };
}

/// As JSON, or not at all.
export async function ask_node(path: string): Promise<unknown> {
  const given_up = new AbortController();
  const timer = setTimeout(() => given_up.abort(), answer_ms_max);
  try {
    const headers = { Accept: 'application/json' };
    const answer = await fetch(path, { headers, signal: given_up.signal, cache: 'no-store' });
    if (!answer.ok && answer.status !== 503) throw new Error(`${path}: ${answer.status}`);
    return await answer.json();
  } finally {
    clearTimeout(timer);
  }
}

/// Calls with what is seen after each round, until it is stopped; rests while nobody looks.
export function watch_node(show: (now: seen) => void): () => void {
  let before = nothing_seen;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let is_stopped = false;
  const turn = async () => {
    if (!document.hidden) {
      try {
        before = after_round(before, await ask_all(ask_node, before, Date.now));
      } catch {
        // The page says so: figures without an answer are old ones.
        before = { ...before, is_lost: true };
      }
      if (!is_stopped) show(before);
    }
    if (!is_stopped) timer = setTimeout(() => void turn(), round_ms);
  };
  void turn();
  return () => {
    is_stopped = true;
    clearTimeout(timer);
  };
}
