import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { desk_client } from '../sdk/src';
import { ConnectionBar } from '../widget/src/panel/connection_bar';
import { use_desk } from '../widget/src/panel/use_desk';
import { catalogues, type words } from '../widget/src/panel/words';
import { fake_page } from './fake_page';
import { world, type tab } from './world';

let here: world;
let visitor: tab;
let page: fake_page;

beforeEach(async () => {
  page = new fake_page();
  here = new world();
  visitor = here.tab();
  await visitor.pass(1_000);
});

afterEach(() => {
  visitor.kill();
  page.end();
});

function Bar({ client, words }: { client: desk_client; words: words }) {
  use_desk(client);
  const nothing = () => undefined;
  return (
    <ConnectionBar
      state={client.state}
      was_online={client.person !== ''}
      tier={client.tier}
      words={words}
      on_connect={nothing}
      on_start_again={nothing}
    />
  );
}

async function desk_tells(tier: number): Promise<void> {
  for (const each of here.desk.connections) each.send({ t: 'mode', tier });
  await visitor.pass(10);
  page.pass_frame();
}

const said = () => page.of_class('bar').map((bar) => bar.text);

describe.each(['en', 'zh'] as const)('the widget, in %s,', (language) => {
  const words = catalogues[language];
  beforeEach(() => page.draw(<Bar client={visitor.client} words={words} />));

  test('is silent where only typing and read marks are left out', async () => {
    await desk_tells(1);
    expect(visitor.client.tier).toBe(1);
    expect(page.text).toBe('');
  });

  test.each([2, 3])('says in tier %i that messages come later, until it is over', async (tier) => {
    await desk_tells(tier);
    expect(said()).toEqual([words.overloaded]);
    expect(page.of_class('warn')).toHaveLength(1);
    await desk_tells(0);
    expect(page.text).toBe('');
  });

  test('says it of the tier that the desk is in when somebody comes', async () => {
    here.desk.tier = 2;
    here.desk.cut();
    await visitor.pass(5_000);
    page.pass_frame();
    expect(said()).toEqual([words.overloaded]);
  });
});

test('what the visitor reads is about her messages', () => {
  expect(catalogues.en.overloaded).toMatch(/messages may arrive.* later/i);
  expect(catalogues.zh.overloaded).toMatch(/消息可能.*延迟/);
});

test('nothing is said of the load without a connection', async () => {
  page.draw(<Bar client={visitor.client} words={catalogues.en} />);
  await desk_tells(3);
  here.set_network(false);
  await visitor.pass(100);
  page.pass_frame();
  expect(visitor.client.state.name).toBe('offline');
  expect(said()).toEqual([]);
});
