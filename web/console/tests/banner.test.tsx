import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fake_page } from '../../tests/fake_page';
import { lin, world, type tab } from '../../tests/world';
import { Banner } from '../src/frame/banner';
import { desk_context, type console_desk } from '../src/state/desk';
import { signal } from '../src/state/signal';
import { en, type words } from '../src/words/en';
import { zh } from '../src/words/zh';

/// As much of the desk as the banner looks at.
class banner_desk extends signal {
  constructor(
    readonly client: tab['client'],
    readonly words: words,
  ) {
    super();
    client.on('tier', () => this.changed());
    client.on('state', () => this.changed());
  }
}

let here: world;
let agent: tab;
let page: fake_page;

beforeEach(async () => {
  page = new fake_page();
  here = new world();
  agent = here.tab(lin);
  await agent.pass(1_000);
});

afterEach(() => {
  agent.kill();
  page.end();
});

function show(words: words): void {
  const desk = new banner_desk(agent.client, words) as unknown as console_desk;
  page.draw(
    <desk_context.Provider value={desk}>
      <Banner />
    </desk_context.Provider>,
  );
}

async function desk_tells(tier: number): Promise<void> {
  for (const each of here.desk.connections) each.send({ t: 'mode', tier });
  await agent.pass(10);
  page.pass_frame();
}

const said = () => page.of_class('banner').map((banner) => banner.text);

const lost: [words, number, RegExp[]][] = [
  [en, 1, [/typing and read marks pause/, /All and Closed/, /Messages arrive as always/]],
  [en, 2, [/messages may arrive.* later/, /typing and read marks/, /All and Closed/, /lost/]],
  [en, 3, [/messages may arrive.* later/, /new visitors wait/, /online/, /sent is safe/]],
  [zh, 1, [/输入状态和已读标记/, /“全部”和“已结束”/, /消息照常送达/]],
  [zh, 2, [/消息可能稍后送达/, /输入状态和已读标记/, /“全部”和“已结束”/, /不会丢失/]],
  [zh, 3, [/消息可能稍后送达/, /新访客/, /在线状态/, /安全保存/]],
];

describe.each(lost)('the console', (words, tier, parts) => {
  test(`says in ${words.language} what tier ${tier} leaves out, until it is over`, async () => {
    show(words);
    expect(page.text).toBe('');
    await desk_tells(tier);
    expect(said()).toEqual([words.banner.tiers[tier]]);
    for (const part of parts) expect(page.text).toMatch(part);
    expect(page.of_class(tier === 3 ? 'bad' : 'warn')).toHaveLength(1);
    await desk_tells(0);
    expect(page.text).toBe('');
  });
});

test('the lists that come later are called by their names', () => {
  for (const { banner, views } of [en, zh]) {
    for (const tier of [1, 2]) {
      expect(banner.tiers[tier]).toContain(views.all);
      expect(banner.tiers[tier]).toContain(views.closed);
    }
  }
});

test('a lost connection is said in place of the load', async () => {
  show(en);
  await desk_tells(3);
  here.set_network(false);
  await agent.pass(100);
  page.pass_frame();
  expect(said()).toHaveLength(1);
  expect(page.text).toContain(en.banner.offline);
});
