import { clock_time } from '../style/time';
import { Card } from './card';
import type { supervised } from './reports';
import { use_words } from './words';

const colours = {
  planned: 'idle',
  running: 'good',
  pausing: 'warn',
  stopping: 'idle',
  ended: 'bad',
};

/// Who restarts whom, and who was restarted.
export function Tree({ root }: { root?: supervised }) {
  const words = use_words();
  return (
    <Card title={words.tree} id="tree">
      {root ? (
        <ul class="tree">
          <Branch of={root} />
        </ul>
      ) : (
        <p class="soft">{words.tree_unknown}</p>
      )}
    </Card>
  );
}

function Branch({ of }: { of: supervised }) {
  const words = use_words();
  return (
    <li>
      <div class="leaf" title={of.last_failure}>
        <i class={`dot ${colours[of.state]}`} />
        <b>{of.id}</b>
        {of.strategy && <span class="soft">{of.strategy}</span>}
        {of.state !== 'running' && <span class="soft">{words.states[of.state]}</span>}
        {of.restarts > 0 && <span class="pill warn">{words.restarts(of.restarts)}</span>}
        {of.failures > of.restarts && (
          <span class="pill warn">{words.failures(of.failures)}</span>
        )}
        {of.last_failure && (
          <span class="soft failure">
            {of.last_failure_at && `${clock_time(of.last_failure_at, words.language)} `}
            {of.last_failure}
          </span>
        )}
      </div>
      {(of.children.length > 0 || !!of.children_left_out) && (
        <ul>
          {of.children.map((each) => (
            <Branch key={each.id} of={each} />
          ))}
          {!!of.children_left_out && (
            <li class="soft">{words.left_out(of.children_left_out)}</li>
          )}
        </ul>
      )}
    </li>
  );
}
