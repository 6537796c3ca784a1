import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { open_device_store } from '../sdk/src/device_store';
import { lin, recorded, texts, world, type tab } from './world';

/// A visitor with an open conversation of one message.
async function visitor_in_conversation(here: world): Promise<tab> {
  const tab = here.tab();
  await tab.pass(100);
  await tab.post('hello');
  await tab.pass(1_500);
  return tab;
}

function open_conversation(here: world): string {
  return [...here.desk.conversations.keys()].pop()!;
}

/// Loses the next frame of this kind that the desk sends.
describe('what outlives a page', () => {
  test('is sent after a reload under the number that it had', async () => {
    const here = new world(1, { indexed: true });
    here.store = await open_device_store();
    const first = await visitor_in_conversation(here);
    here.desk.on_send = (frame) => (frame.t === 'ack' || frame.t === 'event' ? 'drop' : 'pass');
    await first.post('recorded, never acknowledged');
    await first.pass(100);
    here.set_network(false);
    await first.post('never sent');
    first.kill();

    here.desk.on_send = () => 'pass';
    here.is_network_up = true;
    const second = here.tab();
    await second.pass(2_000);

    const expected = ['hello', 'recorded, never acknowledged', 'never sent'];
    expect(recorded(here, open_conversation(here))).toEqual(expected);
    expect(second.shown).toEqual(expected);
    expect(here.desk.posts_seen.map((post) => post.n)).toEqual([1, 2, 2, 3]);
    expect(new Set(here.desk.posts_seen.map((post) => post.device)).size).toBe(1);
  });

  test('two tabs are two devices and both show everything', async () => {
    const here = new world();
    const left = await visitor_in_conversation(here);
    const right = here.tab();
    await right.pass(500);
    await left.post('from the left');
    await right.post('from the right');
    await right.pass(500);

    expect(left.shown).toEqual(right.shown);
    expect(left.shown.length).toBe(3);
    expect(new Set(here.desk.posts_seen.map((post) => post.device)).size).toBe(2);
    expect(here.opened).toBe(2);
  });

  test('a living tab sends what a closed tab had left', async () => {
    const here = new world();
    const left = await visitor_in_conversation(here);
    const right = here.tab();
    await right.pass(500);
    here.set_network(false);
    await left.post('left behind');
    await right.post('mine');
    left.kill();

    here.set_network(true);
    await right.pass(5_000);

    expect(recorded(here, open_conversation(here)).sort()).toEqual([
      'hello',
      'left behind',
      'mine',
    ]);
    expect(right.shown.length).toBe(3);
  });

  test('without locks the newer tab takes over and sends for both', async () => {
    const here = new world();
    here.has_locks = false;
    const left = await visitor_in_conversation(here);
    here.desk.on_receive = (frame) => (frame.t === 'post' ? 'drop' : 'pass');
    await left.post('from the left');
    await left.pass(100);
    here.desk.on_receive = () => 'pass';
    const right = here.tab();
    await right.pass(500);

    expect(left.client.state).toMatchObject({ name: 'stopped', code: 4508 });
    expect(right.shown).toEqual(['hello', 'from the left']);
  });
});

describe('another history', () => {
  test('is read again and given what it lacks, under a new device', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    const id = open_conversation(here);
    await tab.post('in the backup');
    await tab.pass(1_500);
    const line = here.desk.conversations.get(id)!;
    const backup = structuredClone(line);
    here.desk.say(id, lin, 'lost answer');
    await tab.post('after the backup');
    await tab.pass(1_500);
    here.set_network(false);
    await tab.post('unsent');

    here.desk.history = 'bbbbbbbbbbbbbbbb';
    here.desk.conversations.set(id, backup);
    here.set_network(true);
    await tab.pass(5_000);

    const expected = ['hello', 'in the backup', 'after the backup', 'unsent'];
    expect(recorded(here, id)).toEqual(expected);
    expect(tab.shown).toEqual(expected);
    expect(new Set(here.desk.posts_seen.map((post) => post.device)).size).toBe(2);
  });

  test('without the conversation begins a new one with what was said', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    here.desk.history = 'bbbbbbbbbbbbbbbb';
    here.desk.conversations.clear();
    here.desk.cut();
    await tab.pass(5_000);

    expect(recorded(here, tab.client.current!)).toEqual(['hello']);
    expect(tab.shown).toEqual(['hello']);
  });

  test('a number used for something else ends with a new device', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    let refusals = 1;
    here.desk.refuse = () => (refusals-- > 0 ? { code: 'conflict', retry: false } : undefined);
    await tab.post('mine');
    await tab.pass(5_000);

    expect(tab.shown).toEqual(['hello', 'mine']);
    expect(recorded(here, open_conversation(here))).toEqual(['hello', 'mine']);
  });
});

describe('agents', () => {
  test('ask, and are told when there is nobody to ask', async () => {
    const here = new world();
    await visitor_in_conversation(here);
    const agent = here.tab(lin);
    await expect(agent.client.agents()).rejects.toMatchObject({ code: 'offline' });
    await agent.pass(200);

    const asked = Promise.all([agent.client.list('queue'), agent.client.watch(true)]);
    await agent.pass(200);
    const [page] = await asked;
    expect(page.items.map((item) => item.last?.text)).toEqual(['hello']);
    expect(agent.client.desk.size).toBe(1);

    const taken = agent.client.transfer(page.items[0].conversation, lin);
    await agent.pass(200);
    await taken;
    expect(agent.client.roster.size).toBe(1);
  });
});

describe('chance', () => {
  const seeds = process.env.SEED
    ? [Number(process.env.SEED)]
    : Array.from({ length: 40 }, (_, i) => i + 1);

  // Frames are lost, connections are cut, tabs die and come back; in the end every post stands once
  // and every tab shows the same. SEED=<n> repeats one run.
  test.each(seeds)('seed %i: every post is recorded once and shown once', async (seed) => {
    const here = new world(seed);
    const chance = (p: number) => here.random() < p;
    const fate = () => (chance(0.04) ? 'cut' : chance(0.03) ? 'drop' : 'pass');
    const said: string[] = [];
    const tabs = [here.tab(), here.tab()];
    await tabs[0].pass(1_000);
    here.desk.on_send = fate;
    here.desk.on_receive = fate;
    here.desk.refuse = () => (chance(0.05) ? { code: 'busy', retry: true } : undefined);
    for (let step = 0; step < 60; ++step) {
      const which = chance(0.5) ? 0 : 1;
      if (chance(0.6)) {
        const text = `${which}.${step}`;
        said.push(text);
        await tabs[which].post(text);
      } else if (chance(0.15)) {
        tabs[which].kill();
        tabs[which] = here.tab();
      } else if (here.desk.conversations.size > 0) {
        here.desk.say(open_conversation(here), lin, `agent ${step}`);
      }
      await tabs[0].pass(here.random() * 4_000);
    }
    here.desk.on_send = here.desk.on_receive = () => 'pass';
    here.desk.refuse = undefined;
    for (let i = 0; i < 8; ++i) {
      here.desk.ping();
      await tabs[0].pass(15_000);
    }

    const all = recorded(here, open_conversation(here));
    const from_visitor = all.filter((text) => !text.startsWith('agent'));
    expect([...from_visitor].sort()).toEqual([...said].sort());
    expect(here.desk.conversations.size).toBe(1);
    for (const tab of tabs) {
      expect(tab.thread.pending).toEqual([]);
      const shown = texts(tab.thread.events);
      expect(shown).toEqual(all.slice(all.length - shown.length));
      expect(new Set(shown).size).toBe(shown.length);
    }
    const names = new Map<string, string>();
    for (const { text = '', device, n } of here.desk.posts_seen) {
      expect(names.get(text) ?? `${device} ${n}`).toBe(`${device} ${n}`);
      names.set(text, `${device} ${n}`);
    }
    // One device's posts stand in the order in which they were made.
    for (const device of new Set([...names.values()].map((name) => name.split(' ')[0]))) {
      const own = from_visitor.filter((text) => names.get(text)!.startsWith(device));
      const by_number = [...own].sort(
        (a, b) => Number(names.get(a)!.split(' ')[1]) - Number(names.get(b)!.split(' ')[1]),
      );
      expect(own).toEqual(by_number);
    }
  });
});
