import { Card } from './card';
import type { notice } from './reports';
import { use_words } from './words';

const shown_max = 60;

/// What the node has said, the latest first.
export function Notices({ all }: { all: notice[] }) {
  const words = use_words();
  return (
    <Card title={words.events} id="notices">
      {all.length === 0 ? (
        <p class="soft">{words.no_events}</p>
      ) : (
        <ol class="notices">
          {all.slice(0, shown_max).map((each) => (
            <li key={each.number} class={each.level}>
              <time class="soft">{time_of(each)}</time>
              <span class={`level ${each.level}`}>{words.levels[each.level]}</span>
              <b>{each.name}</b>
              <span class="soft">
                {Object.entries(each.fields)
                  .map(([name, value]) => `${name}=${value}`)
                  .join('  ')}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

const time_of = (each: notice) =>
  new Date(each.time).toLocaleTimeString(undefined, { hourCycle: 'h23' });
