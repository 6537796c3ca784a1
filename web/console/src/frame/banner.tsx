import { use_desk } from '../state/desk';
import type { console_desk } from '../state/desk';
import { CloudOffIcon } from './icons';

/// The one quiet bar that says what the connection or the desk's load means for the agent.
export function Banner() {
  const desk = use_desk();
  const { words, client } = desk;
  const { state } = client;
  if (state.name === 'stopped') return <Stopped desk={desk} code={state.code} />;
  if (state.name === 'offline' || state.name === 'reconnecting') {
    return (
      <div class="banner warn" role="status" data-testid="banner" data-unsent={client.unsent}>
        <CloudOffIcon />
        <span>
          <b>{words.banner[state.name]}</b>{' '}
          {client.unsent > 0 ? words.banner.unsent(client.unsent) : words.banner.nothingUnsent}
        </span>
      </div>
    );
  }
  const tier = words.banner.tiers[Math.min(client.tier, words.banner.tiers.length - 1)];
  if (state.name !== 'online' || !tier) return null;
  return (
    <div
      class={client.tier > 2 ? 'banner bad' : 'banner warn'}
      role="status"
      data-testid="banner"
      data-tier={client.tier}
    >
      <span>{tier}</span>
    </div>
  );
}

// 4508: another connection of this device took over.
const replaced = 4508;

function Stopped({ desk, code }: { desk: console_desk; code: number }) {
  const { banner } = desk.words;
  const elsewhere = code === replaced;
  return (
    <div class="banner bad" role="alert" data-testid="banner">
      <CloudOffIcon />
      <span>
        <b>{elsewhere ? banner.replaced : banner.stopped}</b>{' '}
        {desk.client.unsent > 0 && banner.unsent(desk.client.unsent)}
      </span>
      <button class="plain" onClick={() => desk.client.connect()}>
        {elsewhere ? banner.useHere : banner.tryAgain}
      </button>
    </div>
  );
}
