import { Card, Table } from './card';
import { count, long, measured, rate } from './figures';
import type { actor_kind, queue, stuck, worker } from './reports';
import { use_words } from './words';

/// Half a minute makes a visitor wonder, five minutes make them go.
const long_wait_ms = 30_000;
const too_long_wait_ms = 300_000;

const wait_class = (ms: number) =>
  ms >= too_long_wait_ms ? 'bad-text' : ms >= long_wait_ms ? 'warn-text' : '';

const troubles = (kind: actor_kind) => kind.crashed + kind.failed + kind.timeouts + kind.stuck;

export function Actors({ all }: { all: actor_kind[] }) {
  const words = use_words();
  const { kind, alive, per_second, mailbox, handling } = words;
  return (
    <Card title={words.actors} id="actors">
      <Table heads={[kind, alive, per_second, mailbox, handling, words.troubles]}>
        {all.map((each) => {
          const { p50, p99 } = each.handling_ns.recent;
          const said = words.troubles_note(each.crashed, each.failed, each.timeouts, each.stuck);
          return (
            <tr key={each.kind}>
              <th scope="row">{each.kind}</th>
              <td>{count(each.count)}</td>
              <td>{rate(each.messages_per_second)}</td>
              <td>
                {count(each.mailbox_now)} / {count(each.mailbox_max)}
              </td>
              <td>
                {measured(p50)} / {measured(p99)}
              </td>
              <td title={said} class={each.crashed + each.stuck > 0 ? 'bad-text' : ''}>
                {troubles(each) === 0 ? '–' : count(troubles(each))}
              </td>
            </tr>
          );
        })}
      </Table>
    </Card>
  );
}

export function Threads({ all }: { all: worker[] }) {
  const words = use_words();
  return (
    <Card title={words.threads} id="threads">
      <Table heads={[words.thread, words.ready_actors, words.queue_delay, words.loop_lag]}>
        {all.map((each) => (
          <tr key={each.worker}>
            <th scope="row">{each.worker}</th>
            <td>{count(each.ready)}</td>
            <td>{measured(each.queue_delay_ns.recent.p99)}</td>
            <td>{measured(each.loop_lag_ns.recent.p99)}</td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

export function Stuck({ all }: { all: stuck[] }) {
  const words = use_words();
  return (
    <Card title={words.stuck} id="stuck">
      <ul class="checks">
        {all.map((each) => (
          <li key={`${each.worker} ${each.id}`} class="failed">
            <i class="dot bad" />
            <b>
              {each.kind} {each.id > 0 && each.id}
            </b>{' '}
            <span class="soft">
              {each.message} · {each.worker} · {words.stuck_for(long(each.lasted_ms))}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function Queues({ all, left_out }: { all: queue[]; left_out: number }) {
  const words = use_words();
  const { tenant, team, length, oldest, open, accepting } = words;
  // Who waits longest is looked for first.
  const sorted = [...all].sort((a, b) => b.oldest_wait_ms - a.oldest_wait_ms);
  return (
    <Card title={words.queues} id="queues">
      {all.length === 0 ? (
        <p class="soft">{words.no_queues}</p>
      ) : (
        <Table heads={[`${tenant} / ${team}`, length, oldest, open, accepting]}>
          {sorted.map((each) => (
            <tr key={`${each.tenant} ${each.team}`}>
              <th scope="row">
                {each.name || each.tenant} / {each.team}
              </th>
              <td>{count(each.length)}</td>
              <td class={wait_class(each.oldest_wait_ms)}>
                {each.length > 0 ? long(each.oldest_wait_ms) : '–'}
              </td>
              <td>{count(each.open)}</td>
              <td class={each.length > 0 && each.agents_accepting === 0 ? 'bad-text' : ''}>
                {count(each.agents_accepting)}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {left_out > 0 && <p class="soft">{words.left_out(left_out)}</p>}
    </Card>
  );
}
