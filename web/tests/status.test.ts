import { describe, expect, it } from 'vitest';
import { bytes, count, long, measured, percent, quick, rate } from '../status/figures';
import type { notice, stats } from '../status/reports';
import { after_round, ask_all, nothing_seen, notices_max, points_max } from '../status/watch';

const figures = { count: 0, p50: 0, p99: 0, max: 0 };
const spread = { ...figures, recent: figures };

function stats_of(uptime_ms: number, appends = 0): stats {
  return {
    node: { name: 'a', version: '1', uptime_ms, ready: true },
    tier: {
      now: 0,
      pinned: false,
      lasted_ms: 0,
      inputs_permille: { cpu: 400, store: 90 },
      shed: {},
    },
    actors: [],
    stuck: [],
    workers: [],
    recorder: {
      batches: 0,
      failed_batches: 0,
      appends,
      waiting: 0,
      appends_per_batch: spread,
      commit_ns: spread,
    },
    connections: [],
    queues: [],
    queues_left_out: 0,
    agents_present: 0,
    visitors_present: 0,
    conversations_awake: 0,
    outbound_bytes: 0,
  };
}

const health = { status: 'ok' as const, checks: [] };
const notice = (number: number): notice => ({
  number,
  time: 0,
  level: 'info',
  name: `n${number}`,
  fields: {},
});
const round = (at: number, stats: stats, notices: notice[] = []) => ({
  at,
  stats,
  health,
  notices,
});

describe('figures', () => {
  it('has three digits at most, and a unit', () => {
    expect([0, 9_999, 12_345, 1_234_567].map(count)).toEqual(['0', '9999', '12 k', '1.2 M']);
    expect([0, 512, 2048, 5_000_000].map(bytes)).toEqual(['0 B', '512 B', '2 KB', '4.8 MB']);
    expect([900, 12_000, 1_500_000, 2e9].map(quick)).toEqual(['900 ns', '12 µs', '1.5 ms', '2 s']);
    expect([0, 5_000, 3_600_000, 93_784_000].map(long)).toEqual(['0 s', '5 s', '1 h', '1 d 2 h']);
    expect([0.25, 3, 250].map(rate)).toEqual(['0.3', '3', '250']);
    expect(percent(956)).toBe('96 %');
    expect([0, 900].map(measured)).toEqual(['–', '900 ns']);
  });
});

describe('what is seen', () => {
  it('shows the newest notice first, and forgets the oldest', () => {
    const many = Array.from({ length: notices_max }, (_, i) => notice(i + 1));
    const first = after_round(nothing_seen, round(0, stats_of(1000), many));
    const next = after_round(first, round(1000, stats_of(2000), [notice(notices_max + 1)]));
    expect(next.notices.length).toBe(notices_max);
    expect(next.notices[0].number).toBe(notices_max + 1);
    expect(next.notices.at(-1)?.number).toBe(2);
  });

  it('draws what was recorded between two rounds, for two minutes', () => {
    let now = after_round(nothing_seen, round(0, stats_of(1000, 100)));
    expect(now.points.at(-1)).toMatchObject({ recorded_per_second: 0, load: 0.4 });
    now = after_round(now, round(2000, stats_of(3000, 150)));
    expect(now.points.at(-1)?.recorded_per_second).toBe(25);
    for (let i = 0; i < points_max + 5; i++) {
      now = after_round(now, round(3000 + i * 1000, stats_of(4000 + i * 1000, 150)));
    }
    expect(now.points.length).toBe(points_max);
  });

  it('begins anew with the process', () => {
    const before = after_round(nothing_seen, round(0, stats_of(9000, 500), [notice(7)]));
    const now = after_round(before, round(1000, stats_of(100, 3), [notice(1)]));
    expect(now.notices.map((each) => each.number)).toEqual([1]);
    expect(now.points).toHaveLength(1);
    expect(now.points[0].recorded_per_second).toBe(0);
  });

  it('begins anew with a process that is older than the one before was', () => {
    const before = after_round(nothing_seen, round(6_000, stats_of(5_000, 500), [notice(7)]));
    // Answers come sooner or later.
    const same = after_round(before, round(15_000, stats_of(10_000, 500)));
    expect(same.notices.map((each) => each.number)).toEqual([7]);
    // Nobody looked for an hour, and it has run for half of that.
    const now = after_round(before, round(3_600_000, stats_of(1_800_000, 3), [notice(1)]));
    expect(now.notices.map((each) => each.number)).toEqual([1]);
    expect(now.points).toHaveLength(1);
  });
});

describe('a round of questions', () => {
  const answers = (uptime: number, asked: string[]) => (path: string) => {
    asked.push(path);
    if (path === '/stats') return Promise.resolve(stats_of(uptime));
    if (path === '/readyz') return Promise.resolve(health);
    if (path === '/tree') return Promise.resolve({ id: 'node', state: 'running', children: [] });
    return Promise.resolve({ notices: [notice(path.endsWith('=7') ? 8 : 1)] });
  };

  it('asks only for the notices that it does not have', async () => {
    const before = after_round(nothing_seen, round(0, stats_of(9000), [notice(7)]));
    const asked: string[] = [];
    const now = await ask_all(answers(10_000, asked), before, () => 1000);
    expect(asked).toContain('/notices?after=7');
    expect(now.notices[0].number).toBe(8);
  });

  it('asks for all of them when the node was started anew', async () => {
    const before = after_round(nothing_seen, round(0, stats_of(9000), [notice(7)]));
    const asked: string[] = [];
    const now = await ask_all(answers(50, asked), before, () => 1000);
    expect(asked).toContain('/notices');
    expect(now.notices[0].number).toBe(1);
  });
});
