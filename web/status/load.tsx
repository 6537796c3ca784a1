import { clock_time } from '../style/time';
import { Card } from './card';
import { count, long, percent } from './figures';
import type { stats } from './reports';
import { Sparkline } from './sparkline';
import type { point } from './watch';
import { use_words } from './words';

/// Where the desk begins to shed, in thousandths; the colours follow it.
const tight = 700;
const full = 950;
const tenants_shown = 5;

const colour = (permille: number) =>
  permille >= full ? 'bad' : permille >= tight ? 'warn' : 'good';

/// The pill's class; of the guard, as of the highest tier.
export const tier_colour = (tier: stats['tier']) =>
  tier.guarded ? 'bad' : ['good', 'warn', 'warn'][tier.now] ?? 'bad';

/// The tier and what decides it.
export function Load({ tier, points }: { tier: stats['tier']; points: point[] }) {
  const words = use_words();
  const others =
    Math.max(0, (tier.tenants?.length ?? 0) - tenants_shown) + (tier.tenants_left_out ?? 0);
  const inputs = Object.entries(tier.inputs_permille);
  const shed = Object.entries(tier.shed).filter(([, times]) => times > 0);
  return (
    <Card title={words.load} id="load">
      <p>
        <b>{words.tier(tier.now)}</b>{' '}
        <span class="soft">
          {long(tier.lasted_ms)}
          {tier.pinned && ` · ${words.pinned}`}
          {tier.pinned_until && ` · ${words.until(clock_time(tier.pinned_until, words.language))}`}
        </span>
      </p>
      {tier.guarded && (
        <p class="bad-text" data-testid="guard">
          <b>{words.guard}</b>: {words.guard_note}
        </p>
      )}
      {!!tier.tenants?.length && (
        <p class="warn-text" data-testid="tenants">
          {words.tenants_held}:{' '}
          {tier.tenants
            .slice(0, tenants_shown)
            .map((each) => {
              const name = each.name || `${each.tenant}`;
              return words.tenant_held(name, each.tier, long(each.lasted_ms));
            })
            .join(', ')}
          {others > 0 && ` · ${words.left_out(others)}`}
        </p>
      )}
      {inputs.length === 0 && <p class="soft">{words.load_unknown}</p>}
      <ul class="bars" title={words.load_note}>
        {inputs.map(([name, permille]) => (
          <li key={name}>
            <span>{name}</span>
            <span class="bar">
              <i
                class={colour(permille)}
                style={{ inlineSize: `${Math.min(100, permille / 10)}%` }}
              />
            </span>
            <span class="number">{percent(permille)}</span>
          </li>
        ))}
      </ul>
      {inputs.length > 0 && (
        <Sparkline values={points.map((each) => each.load)} name={words.load} top={1} />
      )}
      {shed.length > 0 && (
        <p class="soft">
          {words.shed}: {shed.map(([name, times]) => `${name} ${count(times)}`).join(', ')}
        </p>
      )}
    </Card>
  );
}
