import { useEffect, useState } from 'preact/hooks';
import { clock_time } from '../style/time';
import { Card, Figure, Figures } from './card';
import { bytes, count, long, measured, rate } from './figures';
import { Load, tier_colour } from './load';
import { Notices } from './notices';
import type { health, spread, stats } from './reports';
import { Sparkline } from './sparkline';
import { Actors, Queues, Stuck, Threads } from './tables';
import { Tree } from './tree';
import { nothing_seen, watch_node, type point, type seen } from './watch';
import { use_words } from './words';

/// What a node does, live. Nothing can be changed here.
export function Page() {
  const [now, show] = useState<seen>(nothing_seen);
  useEffect(() => watch_node(show), []);
  const words = use_words();
  return (
    <>
      <Header now={now} />
      {now.is_lost && (
        <p class="lost" role="alert" data-testid="lost">
          {now.answered_at ? words.no_answer(clock_time_s(now.answered_at)) : words.waiting}
        </p>
      )}
      {now.stats ? (
        <main class={now.is_lost ? 'board old' : 'board'}>
          <div class="cards">
            <Checks health={now.health} />
            <Load tier={now.stats.tier} points={now.points} />
            {now.stats.stuck.length > 0 && <Stuck all={now.stats.stuck} />}
            <People stats={now.stats} />
            <Queues all={now.stats.queues} left_out={now.stats.queues_left_out} />
            <Recording stats={now.stats} points={now.points} />
            <Threads all={now.stats.workers} />
            <Tree root={now.tree} />
          </div>
          <Actors all={now.stats.actors} />
          <Notices all={now.notices} />
        </main>
      ) : (
        !now.is_lost && <p class="empty">{words.waiting}</p>
      )}
    </>
  );
}

const clock_time_s = (time: number) =>
  new Date(time).toLocaleTimeString(undefined, { hourCycle: 'h23' });

function Header({ now }: { now: seen }) {
  const words = use_words();
  const { stats, health } = now;
  const is_ready = health?.status === 'ok';
  return (
    <header>
      <h1>
        Frontdesk <span class="soft">{stats?.node.name}</span>
      </h1>
      {stats && (
        <>
          <span class={`pill ${is_ready ? 'good' : 'bad'}`} data-testid="ready">
            {is_ready ? words.ready : words.not_ready}
          </span>
          <span class={`pill ${tier_colour(stats.tier)}`} data-testid="tier">
            {stats.tier.guarded ? words.guard : words.tier(stats.tier.now)}
          </span>
          <span class="soft about">
            {stats.node.version} · {words.up(long(stats.node.uptime_ms))}
          </span>
        </>
      )}
      <time class="soft">
        <i class={now.is_lost ? 'dot bad' : 'dot good'} />
        {now.answered_at && clock_time(now.answered_at, words.language)}
      </time>
    </header>
  );
}

/// All of them when one does not hold, else the fact.
function Checks({ health }: { health?: health }) {
  const words = use_words();
  return (
    <Card title={words.checks} id="checks">
      <ul class="checks">
        {health?.checks.map((check) => (
          <li key={check.name} class={check.holds ? '' : 'failed'}>
            <i class={check.holds ? 'dot good' : 'dot bad'} />
            <b>{check.name}</b> <span class="soft">{check.says}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function People({ stats }: { stats: stats }) {
  const words = use_words();
  const by_transport = new Map<string, number>();
  for (const each of stats.connections) {
    by_transport.set(each.transport, (by_transport.get(each.transport) ?? 0) + each.count);
  }
  return (
    <Card title={words.people} id="people">
      <Figures>
        <Figure name={words.agents} value={count(stats.agents_present)} />
        <Figure name={words.visitors} value={count(stats.visitors_present)} />
        <Figure name={words.conversations} value={count(stats.conversations_awake)} />
        <Figure name={words.outbound} value={bytes(stats.outbound_bytes)} />
      </Figures>
      <p class="soft">
        {words.connections}:{' '}
        {by_transport.size === 0
          ? words.nobody
          : [...by_transport].map(([name, sum]) => `${count(sum)} ${name}`).join(', ')}
      </p>
    </Card>
  );
}

const Told = ({ of, name }: { of: spread; name: string }) => (
  <Figure name={name} value={`${measured(of.recent.p50)} / ${measured(of.recent.p99)}`} />
);

function Recording({ stats, points }: { stats: stats; points: point[] }) {
  const words = use_words();
  const { commit_ns, appends_per_batch, waiting, failed_batches } = stats.recorder;
  const now = points.at(-1)?.recorded_per_second ?? 0;
  return (
    <Card title={words.recording} id="recording">
      <Figures>
        <Figure name={words.recorded} value={rate(now)} />
        <Figure
          name={words.commit}
          value={`${measured(commit_ns.recent.p50)} / ${measured(commit_ns.recent.p99)}`}
        />
        {stats.traffic && <Told of={stats.traffic.ack_ns} name={words.acked} />}
        {stats.traffic && <Told of={stats.traffic.delivery_ns} name={words.delivered} />}
        <Figure name={words.batch} value={count(appends_per_batch.recent.p50)} />
        <Figure name={words.waiting_appends} value={count(waiting)} />
        {failed_batches > 0 && (
          <Figure name={words.failed_batches} value={count(failed_batches)} is_bad />
        )}
        {!!stats.quarantined && (
          <Figure name={words.quarantined} value={count(stats.quarantined)} is_bad />
        )}
      </Figures>
      <Sparkline values={points.map((each) => each.recorded_per_second)} name={words.recorded} />
    </Card>
  );
}
