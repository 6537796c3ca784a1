import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { refusal } from './fake_fetch';
import { lin, recorded, world, type tab } from './world';

/// A network in which no WebSocket passes.
function blocked(how: 'refused' | 'swallowed' = 'refused'): world {
  const here = new world();
  here.sockets = how;
  return here;
}

async function comes_online(here: world, token?: string): Promise<tab> {
  const someone = here.tab(token);
  await someone.pass(15_000);
  expect(someone.client.state.name).toBe('online');
  return someone;
}

async function talk(here: world): Promise<[tab, tab]> {
  const ann = await comes_online(here);
  await ann.post('hello');
  await ann.pass(500);
  const mia = await comes_online(here, lin);
  const id = ann.client.current!;
  here.desk.conversations.get(id)!.assignee = lin;
  void mia.client.transfer(id, lin).catch(() => {});
  const thread = mia.client.thread(id);
  thread.subscribe();
  await mia.pass(500);
  return [ann, mia];
}

describe('where no WebSocket passes', () => {
  for (const how of ['refused', 'swallowed'] as const) {
    test(`a stream is opened after two that were ${how}`, async () => {
      const here = blocked(how);

      await comes_online(here);

      expect(here.opened).toBe(2);
      expect(here.plain.requests).toContain('/v1/stream');
      expect(here.plain.requests).not.toContain('/v1/poll');
    });
  }

  test('posts are recorded and shown once', async () => {
    const here = blocked();
    const ann = await comes_online(here);

    await ann.post('one');
    await ann.post('two');
    await ann.pass(500);
    await ann.post('three');
    await ann.pass(500);

    expect(ann.shown).toEqual(['one', 'two', 'three']);
    expect(recorded(here, ann.client.current!)).toEqual(['one', 'two', 'three']);
    expect(ann.client.unsent).toBe(0);
  });

  for (const holds_streams of [false, true]) {
    const way = holds_streams ? 'polls' : 'a stream';
    test(`two talk over ${way}`, async () => {
      const here = blocked();
      here.plain.holds_streams = holds_streams;
      const [ann, mia] = await talk(here);
      const id = ann.client.current!;
      const states = ann.states.length;

      for (let i = 1; i <= 5; ++i) {
        await mia.client.thread(id).post(`answer ${i}`);
        await ann.post(`question ${i}`);
        await ann.post(`and ${i}`);
        await ann.pass(200);
      }
      await ann.pass(1_000);

      const said = recorded(here, id);
      expect(said).toHaveLength(16);
      expect(ann.shown).toEqual(said);
      expect(ann.states.length).toBe(states);
      expect(here.plain.errands_max).toBe(2);
      expect(here.plain.requests.includes('/v1/poll')).toBe(holds_streams);
    });

    test(`what was said while ${way} was cut is there afterwards, once`, async () => {
      const here = blocked();
      here.plain.holds_streams = holds_streams;
      const [ann, mia] = await talk(here);
      const id = ann.client.current!;

      here.plain.cut();
      await mia.client.thread(id).post('in the gap');
      await ann.post('also');
      await ann.pass(40_000);

      const said = recorded(here, id);
      expect([...said].sort()).toEqual(['also', 'hello', 'in the gap']);
      expect(ann.shown).toEqual(said);
      expect(ann.client.unsent).toBe(0);
    });
  }

  test('a quiet poll keeps the link and asks rarely', async () => {
    const here = blocked();
    here.plain.holds_streams = true;
    const ann = await comes_online(here);
    const states = ann.states.length;
    const before = here.plain.requests.length;

    await ann.pass(100_000);

    expect(ann.states.length).toBe(states);
    expect(here.plain.requests.length - before).toBeLessThanOrEqual(6);
  });

  test('a quiet stream lives on pings and answers them', async () => {
    const here = blocked();
    const ann = await comes_online(here);
    here.desk.ping();
    await ann.pass(1_000);
    const before = here.plain.requests.length;

    for (let i = 0; i < 4; ++i) {
      await ann.pass(25_000);
      here.desk.ping();
    }
    await ann.pass(1_000);

    expect(ann.client.state.name).toBe('online');
    expect(here.plain.requests.slice(before)).toEqual(Array(4).fill('/v1/frames'));
  });

  test('a refused token asks for a new one', async () => {
    const here = blocked();
    const asked: boolean[] = [];
    const ann = here.tab((refused) => {
      asked.push(refused);
      return refused || asked.length > 4 ? 'visitor:00000000000000a1' : 'expired';
    });

    await ann.pass(20_000);

    expect(asked).toContain(true);
    expect(ann.client.state.name).toBe('online');
  });

  test('a page that may not ask stops', async () => {
    const here = blocked();
    here.plain.next = () => refusal(403, 'forbidden');
    const ann = here.tab();

    await ann.pass(20_000);

    expect(ann.client.state).toMatchObject({ name: 'stopped', code: 4506 });
  });

  test('frames that find no answer are sent again', async () => {
    const here = blocked();
    const ann = await comes_online(here);
    here.plain.next = () => new Response('oops', { status: 502 });

    await ann.post('through a bad proxy');
    await ann.pass(10_000);

    expect(ann.shown).toEqual(['through a bad proxy']);
    expect(recorded(here, ann.client.current!)).toEqual(['through a bad proxy']);
  });

  test('a WebSocket is tried again, rarely, and taken when it passes', async () => {
    const here = blocked();
    here.plain.holds_streams = true;
    const ann = await comes_online(here);
    const states = ann.states.length;
    await ann.pass(4 * 60_000);
    expect(here.opened).toBe(2);
    await ann.pass(2 * 60_000);
    expect(here.opened).toBe(3);
    expect(ann.states.length).toBe(states);

    here.sockets = 'pass';
    await ann.pass(235_000);

    expect(here.opened).toBe(5);
    expect(ann.client.state.name).toBe('online');
    const before = here.plain.requests.length;
    await ann.post('over a WebSocket');
    await ann.pass(500);
    expect(ann.shown).toEqual(['over a WebSocket']);
    expect(here.plain.requests.length).toBe(before);
  });

  test('a node that is away is not taken for a blocked WebSocket', async () => {
    const here = new world();
    const ann = await comes_online(here);
    here.sockets = 'refused';
    here.plain.is_down = true;
    here.desk.cut();
    await ann.pass(60_000);

    here.sockets = 'pass';
    here.plain.is_down = false;
    await ann.pass(60_000);

    expect(ann.client.state.name).toBe('online');
    const before = here.plain.requests.length;
    await ann.pass(60_000);
    expect(here.plain.requests.length).toBe(before);
  });
});
