import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import type { plain_way } from '../sdk/src/fetch_line';
import { refusal } from './fake_fetch';
import { lin, recorded, texts, world, type tab } from './world';

/// A network in which no WebSocket passes.
function blocked(how: 'refused' | 'swallowed' = 'refused'): world {
  const here = new world();
  here.sockets = how;
  return here;
}

/// One that lets `way` pass and nothing better.
function blocked_up_to(way: plain_way): world {
  const here = blocked();
  here.plain.holds_streams = way !== 'stream';
  if (way === 'poll') here.plain.events = 'held';
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

  for (const way of ['stream', 'events', 'poll'] as const) {
    test(`two talk by ${way}`, async () => {
      const here = blocked_up_to(way);
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
      expect(here.plain.requests.includes('/v1/tickets')).toBe(way !== 'stream');
      expect(here.plain.requests.includes('/v1/poll')).toBe(way === 'poll');
    });

    test(`what was said while ${way} was cut is there afterwards, once`, async () => {
      const here = blocked_up_to(way);
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
    const here = blocked_up_to('poll');
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
    const here = blocked_up_to('poll');
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

describe('where events are the best that passes', () => {
  test('each stream of them has a ticket of its own, and no address a token', async () => {
    const here = blocked_up_to('events');
    const [ann] = await talk(here);

    for (let i = 0; i < 3; ++i) {
      here.plain.cut();
      await ann.pass(30_000);
      expect(ann.client.state.name).toBe('online');
    }

    const { addresses, requests } = here.plain;
    const tickets = addresses.map((each) => new URL(each).searchParams.get('ticket'));
    expect(addresses.length).toBeGreaterThanOrEqual(8);
    expect(new Set(tickets).size).toBe(tickets.length);
    expect(tickets).toHaveLength(requests.filter((each) => each === '/v1/tickets').length);
    expect(addresses.filter((each) => /visitor|agent|token/.test(each))).toEqual([]);
  });

  test('one stream of them is open at a time, and none once the page has left', async () => {
    const here = blocked_up_to('events');
    const [ann, mia] = await talk(here);
    expect(here.plain.addresses.length).toBeGreaterThan(2);
    expect(here.plain.sources_open).toBe(2);

    ann.client.close();
    mia.client.close();
    await ann.pass(100);

    expect(here.plain.sources_open).toBe(0);
  });

  test('a refusal does not end what has passed before', async () => {
    const here = blocked_up_to('events');
    const ann = await comes_online(here);
    const before = here.plain.addresses.length;

    here.plain.events = 'refused';
    here.plain.cut();
    while (here.plain.addresses.length === before) await ann.pass(1);
    here.plain.events = 'pass';
    await ann.pass(30_000);

    expect(ann.client.state.name).toBe('online');
    expect(here.plain.requests).not.toContain('/v1/poll');
  });

  test('pings are answered, and an idle page asks for nothing else', async () => {
    const here = blocked_up_to('events');
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

  test('more conversations than an address has room for are polled', async () => {
    const here = blocked_up_to('events');
    const mia = await comes_online(here, lin);
    const ids = Array.from({ length: 80 }, (_, i) => (i + 1).toString(16).padStart(16, '0'));
    for (const id of ids) {
      here.desk.open(id, 'visitor:00000000000000a1').assignee = lin;
      mia.client.thread(id).subscribe();
    }
    await mia.pass(1_000);
    expect(here.plain.requests.at(-1)).toBe('/v1/poll');
    const states = mia.states.length;

    for (const id of [ids[0], ids[79]]) {
      here.desk.append(id, { kind: 'message', author: 'visitor:00000000000000a1', text: id }, true);
      await mia.pass(1_000);
      expect(texts(mia.client.thread(id).events)).toEqual([id]);
    }

    expect(mia.states.length).toBe(states);
    expect(here.plain.addresses.filter((each) => each.length > 2_048)).toEqual([]);
  });

  test('a browser that reads no stream has them at once', async () => {
    const here = blocked();
    const unread = new Response();
    Object.defineProperty(unread, 'body', { value: undefined });
    here.plain.next = () => unread;

    const ann = await comes_online(here);

    expect(here.plain.addresses).toHaveLength(1);
    await ann.post('heard');
    await ann.pass(500);
    expect(ann.shown).toEqual(['heard']);
  });

  test('a ticket that somebody else answers for is none', async () => {
    const here = blocked_up_to('events');
    const ann = here.tab();
    while (here.plain.requests.at(-1) !== '/v1/tickets') await ann.pass(1);
    here.plain.next = () => new Response('<html>Please log in</html>');

    await ann.pass(1_000);
    expect(here.plain.addresses).toEqual([]);
    await ann.pass(20_000);

    expect(ann.client.state.name).toBe('online');
    expect(here.plain.addresses).not.toEqual([]);
  });

  test('a page to which they are refused polls', async () => {
    const here = blocked_up_to('events');
    here.plain.events = 'refused';

    await comes_online(here);

    expect(here.plain.requests).toContain('/v1/poll');
  });

  test('a browser without them polls', async () => {
    const here = blocked_up_to('events');
    here.has_events = false;

    await comes_online(here);

    expect(here.plain.requests).toContain('/v1/poll');
    expect(here.plain.requests).not.toContain('/v1/tickets');
  });
});
