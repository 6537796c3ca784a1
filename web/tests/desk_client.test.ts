import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import type { client_frame, server_frame } from '../sdk/src/wire';
import { ann, lin, recorded, texts, world, type tab } from './world';

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
function lose_next(here: world, kind: server_frame['t'], verdict: 'drop' | 'cut' = 'drop') {
  here.desk.on_send = (frame) => {
    if (frame.t !== kind) return 'pass';
    here.desk.on_send = () => 'pass';
    return verdict;
  };
}

describe('following', () => {
  test('asks again, after its time, for what the desk was too busy to give', async () => {
    const here = new world();
    const mia = await visitor_in_conversation(here);
    const phone = here.tab();
    const subs: client_frame[] = [];
    here.desk.on_receive = (frame) => {
      if (frame.t !== 'sub') return 'pass';
      subs.push(frame);
      if (subs.length > 1) return 'pass';
      here.desk.connections.forEach((each) =>
        each.send({
          t: 'fault',
          code: 'rate_limited',
          message: '',
          retry: true,
          retry_after_ms: 700,
        }),
      );
      return 'drop';
    };
    await phone.pass(500);
    expect(subs.length).toBe(1);

    await phone.pass(1_000);

    expect(subs.length).toBeGreaterThan(1);
    expect(phone.shown).toEqual(mia.shown);
  });
});

describe('posting', () => {
  test('opens the next conversation and shows the message once', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);

    expect(tab.shown).toEqual(['hello']);
    expect(tab.thread.events.map((event) => event.kind)).toEqual(['opened', 'message', 'queued']);
    expect(tab.thread.place).toBe(1);
    expect(tab.client.unsent).toBe(0);
  });

  test('waits while the next conversation is unknown', async () => {
    const here = new world();
    here.is_network_up = false;
    const tab = here.tab();
    await tab.pass(100);
    await tab.post('first');
    await tab.post('second');
    expect(tab.thread.pending.map((post) => post.state)).toEqual(['waiting', 'waiting']);

    here.set_network(true);
    await tab.pass(2_000);

    expect(tab.shown).toEqual(['first', 'second']);
    expect(recorded(here, tab.client.current!)).toEqual(['first', 'second']);
  });

  test('sends a post whose conversation became known while it was written down', async () => {
    const here = new world();
    here.is_network_up = false;
    const tab = here.tab();
    await tab.pass(100);
    const update = here.store.update.bind(here.store);
    const commits: (() => void)[] = [];
    here.store.update = async (initial, change) => {
      const record = await update(initial, change);
      await new Promise<void>((commit) => commits.push(commit));
      return record;
    };
    const posting = tab.post('first');
    here.set_network(true);
    await tab.pass(2_000);
    here.store.update = update;
    for (const commit of commits) commit();
    await posting;
    await tab.pass(100);

    expect(tab.shown).toEqual(['first']);
    expect(recorded(here, tab.client.current!)).toEqual(['first']);
  });

  test('sends the same number again when the ack and the event are lost', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    here.desk.on_send = (frame) => (frame.t === 'ack' || frame.t === 'event' ? 'drop' : 'pass');
    await tab.post('again');
    await tab.pass(500);
    expect(tab.thread.pending[0].state).toBe('sending');

    here.desk.on_send = () => 'pass';
    await tab.pass(11_000);

    const numbers = here.desk.posts_seen.map((post) => post.n);
    expect(numbers.length).toBeGreaterThan(2);
    expect(new Set(numbers)).toEqual(new Set([1, 2]));
    expect(recorded(here, open_conversation(here))).toEqual(['hello', 'again']);
    expect(tab.shown).toEqual(['hello', 'again']);
    expect(tab.thread.pending).toEqual([]);
  });

  test('sends three unsent posts in order after a reconnect', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    here.set_network(false);
    await tab.pass(100);
    for (const text of ['one', 'two', 'three']) await tab.post(text);
    expect(tab.client.unsent).toBe(3);
    expect(tab.client.state.name).toBe('offline');

    here.set_network(true);
    await tab.pass(1_000);

    expect(recorded(here, open_conversation(here))).toEqual(['hello', 'one', 'two', 'three']);
    expect(tab.shown).toEqual(['hello', 'one', 'two', 'three']);
    expect(tab.client.unsent).toBe(0);
  });

  test('waits as long as a temporary fault says and keeps the order behind it', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    let refusals = 1;
    here.desk.refuse = () =>
      refusals-- > 0 ? { code: 'rate_limited', retry: true, retry_after_ms: 3_000 } : undefined;
    for (const text of ['one', 'two', 'three']) await tab.post(text);
    await tab.pass(2_900);
    expect(recorded(here, open_conversation(here))).toEqual(['hello']);

    await tab.pass(500);

    expect(recorded(here, open_conversation(here))).toEqual(['hello', 'one', 'two', 'three']);
    expect(here.desk.posts_seen.length).toBeLessThanOrEqual(1 + 3 + 3);
  });

  test('marks a refused post as failed, and retries it under a new number', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    const key = await tab.post('   ');
    await tab.post('fine');
    await tab.pass(500);
    expect(tab.thread.pending.map((post) => post.fault?.code)).toEqual(['empty_text']);
    expect(tab.shown).toEqual(['hello', 'fine', '   ']);

    await tab.thread.retry(key);
    await tab.pass(500);
    expect(tab.thread.pending[0].n).toBe(4);
    await tab.thread.discard(key);
    expect(tab.thread.pending).toEqual([]);
  });

  test('leaves the number of a post that was forbidden to the next one', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    here.desk.refuse = () => ({ code: 'forbidden', retry: false });
    await tab.post('no');
    await tab.pass(500);
    here.desk.refuse = undefined;

    await tab.post('yes');
    await tab.pass(500);

    expect(recorded(here, open_conversation(here))).toEqual(['hello', 'yes']);
  });

  test('keeps at most 32 posts on their way', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    let sent = 0;
    here.desk.on_receive = (frame) => {
      if (frame.t === 'post') ++sent;
      return frame.t === 'post' ? 'drop' : 'pass';
    };
    for (let i = 0; i < 40; ++i) await tab.post(`${i}`);
    await tab.pass(1_000);
    expect(sent).toBe(32);

    here.desk.on_receive = () => 'pass';
    await tab.pass(11_000);
    expect(recorded(here, open_conversation(here)).length).toBe(41);
  });

  test('moves a post from an ended conversation to the next one', async () => {
    const here = new world();
    here.desk.reopen_ms = 1_000;
    const tab = await visitor_in_conversation(here);
    const ended = open_conversation(here);
    here.desk.append(ended, { kind: 'closed', author: lin, by: { person: lin, name: 'Lin' } });
    await tab.pass(5_000);

    await tab.post('one more thing');
    await tab.post('and another');
    await tab.pass(2_000);

    expect(tab.client.current).not.toBe(ended);
    expect(recorded(here, tab.client.current!)).toEqual(['one more thing', 'and another']);
    expect(tab.shown).toEqual(['one more thing', 'and another']);
  });

  test('reopens a conversation that was closed a moment ago', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    const id = open_conversation(here);
    here.desk.append(id, { kind: 'closed', author: lin, by: { person: lin, name: 'Lin' } });
    await tab.pass(5_000);

    await tab.post('wait');
    await tab.pass(2_000);

    expect(tab.client.current).toBe(id);
    expect(tab.shown).toEqual(['hello', 'wait']);
  });
});

describe('applying', () => {
  test('ignores a repeated event', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    const event = here.desk.say(open_conversation(here), lin, 'hi');
    for (const each of here.desk.connections) each.push(event);
    await tab.pass(500);

    expect(tab.shown).toEqual(['hello', 'hi']);
  });

  test('subscribes again when an event is missing', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    lose_next(here, 'event');
    here.desk.say(open_conversation(here), lin, 'lost');
    here.desk.say(open_conversation(here), lin, 'seen');
    await tab.pass(500);

    expect(tab.shown).toEqual(['hello', 'lost', 'seen']);
    expect(here.opened).toBe(1);
  });

  test('reconnects when a head stays ahead for ten seconds', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    lose_next(here, 'event');
    here.desk.say(open_conversation(here), lin, 'lost');
    await tab.pass(11_000);

    expect(here.opened).toBe(2);
    expect(tab.shown).toEqual(['hello', 'lost']);
  });

  test('takes an ack for the event only at its position', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    const id = open_conversation(here);
    here.desk.on_send = (frame) => (frame.t === 'event' ? 'drop' : 'pass');
    here.desk.say(id, lin, 'crossing');
    await tab.post('mine');
    await tab.pass(500);
    expect(tab.thread.events.length).toBe(3);
    expect(tab.thread.pending.map((post) => post.state)).toEqual(['sent']);

    here.desk.on_send = () => 'pass';
    await tab.pass(11_000);

    expect(tab.shown).toEqual(['hello', 'crossing', 'mine']);
    expect(tab.thread.pending).toEqual([]);
  });

  test('begins fifty events before the head and fetches older ones', async () => {
    const here = new world();
    const id = '00010000000000a1';
    here.desk.open(id, ann);
    for (let i = 1; i <= 120; ++i) here.desk.say(id, lin, `${i}`);
    const tab = here.tab();
    await tab.pass(500);
    expect(tab.shown[0]).toBe('71');

    const older = tab.thread.older();
    await tab.pass(500);
    await older;
    expect(tab.shown[0]).toBe('21');
    expect(tab.thread.has_older).toBe(true);
  });

  test('interleaves private notes for agents', async () => {
    const here = new world();
    const visitor = await visitor_in_conversation(here);
    const id = open_conversation(here);
    const agent = here.tab(lin);
    here.desk.assign(id, lin);
    await agent.pass(500);
    const thread = agent.client.thread(id);
    thread.subscribe();
    await agent.pass(500);

    await thread.post('check the stock', { track: 'internal' });
    await agent.pass(500);
    await visitor.post('still there?');
    await agent.pass(500);

    expect(texts(thread.events)).toEqual(['hello', 'check the stock', 'still there?']);
    expect(visitor.shown).toEqual(['hello', 'still there?']);
  });

  test('moves cursors: received, read, and the state of an own message', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    const message = tab.thread.events[1];
    expect(tab.thread.message_state(message)).toBe('sent');

    const agent = here.tab(lin);
    here.desk.assign(open_conversation(here), lin);
    await agent.pass(200);
    const thread = agent.client.thread(open_conversation(here));
    thread.subscribe();
    await agent.pass(1_500);
    expect(tab.thread.message_state(message)).toBe('delivered');

    thread.mark_read();
    await agent.pass(500);
    expect(tab.thread.message_state(message)).toBe('read');
  });
});

describe('the link', () => {
  test.each([
    [4000, 'reconnecting'],
    [4006, 'reconnecting'],
    [4042, 'reconnecting'],
    [4401, 'reconnecting'],
    [4501, 'stopped'],
    [4599, 'stopped'],
  ])('after close code %i is %s', async (code, name) => {
    const here = new world();
    const tab = await visitor_in_conversation(here);

    here.desk.bye(code, 'reason', 60_000);
    await tab.pass(1_000);

    expect(tab.client.state).toMatchObject({ name, code });
  });

  test('comes back at the time that the node names', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    here.desk.bye(4000, 'drain', 7_000);
    await tab.pass(6_900);
    expect(here.opened).toBe(1);

    await tab.pass(200);
    expect(tab.client.state.name).toBe('online');
  });

  test('keeps to its slot when the network comes back before it', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    here.desk.bye(4000, 'drain', 7_000);
    await tab.pass(1_000);
    here.set_network(true);
    await tab.pass(5_900);
    expect(here.opened).toBe(1);

    await tab.pass(200);
    expect(tab.client.state.name).toBe('online');
  });

  test('shows the seat of its last welcome, also after a reload', async () => {
    const here = new world();
    here.desk.seat = 'aa11';
    const tab = await visitor_in_conversation(here);
    expect(here.offered).toEqual(['frontdesk.v1.json']);

    here.desk.seat = 'bb22';
    here.desk.cut();
    await tab.pass(2_000);
    expect(here.offered).toEqual(['frontdesk.v1.json', 'frontdesk.seat.aa11']);

    tab.kill();
    await here.tab().pass(2_000);
    expect(here.offered).toEqual(['frontdesk.v1.json', 'frontdesk.seat.bb22']);
  });

  test('fetches a new token after 44xx', async () => {
    const here = new world();
    const asked: boolean[] = [];
    const tab = here.tab((refused) => {
      asked.push(refused);
      return refused ? ann : 'expired';
    });
    await tab.pass(3_000);

    expect(asked).toEqual([false, true]);
    expect(tab.client.state.name).toBe('online');
  });

  test('reconnects after 35 s of silence, not while pinged', async () => {
    const here = new world();
    const tab = await visitor_in_conversation(here);
    for (let i = 0; i < 4; ++i) {
      await tab.pass(25_000);
      here.desk.ping();
    }
    await tab.pass(34_000);
    expect(here.opened).toBe(1);

    await tab.pass(3_000);
    expect(here.opened).toBe(2);
  });

  test('backs off with jitter up to twenty seconds', async () => {
    const here = new world();
    here.is_network_up = false;
    const tab = here.tab();
    await tab.pass(600_000);

    expect(here.opened).toBeGreaterThan(600 / 21);
    expect(here.opened).toBeLessThan(130);
  });
});
