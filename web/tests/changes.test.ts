import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import type { shown_message } from '../sdk/src';
import { ann, lin, texts, world, type tab } from './world';

const id = '00010000000000a1';

/// Ann's conversation with a message of each, open for her and for Lin.
async function talk(here = new world()) {
  here.desk.open(id, ann);
  here.desk.append(id, { kind: 'opened', author: ann });
  here.desk.assign(id, lin);
  const visitor = here.tab();
  const agent = here.tab(lin);
  await visitor.pass(200);
  await visitor.post('hallo');
  const thread = agent.client.thread(id);
  thread.subscribe();
  await visitor.pass(500);
  await thread.post('How can I help?');
  await visitor.pass(1_500);
  return { here, visitor, agent, thread };
}

function message(of: { events: readonly { kind: string }[] }, text: string): shown_message {
  return (of.events as shown_message[]).find((each) => each.text === text)!;
}

function shown(tab: tab, of = tab.thread): string[] {
  return of.events.flatMap((each) =>
    each.kind !== 'message' ? [] : [each.deleted ? '(deleted)' : each.text],
  );
}

describe('an edit', () => {
  test('changes the message for both, and adds no line', async () => {
    const { visitor, agent, thread } = await talk();

    await visitor.thread.edit(message(visitor.thread, 'hallo'), 'hello');
    await visitor.pass(1_000);

    expect(shown(visitor)).toEqual(['hello', 'How can I help?']);
    expect(shown(agent, thread)).toEqual(['hello', 'How can I help?']);
    expect(message(thread, 'hello').edited_at).toBeDefined();
    expect(visitor.thread.events.map((each) => each.kind)).toEqual(
      thread.events.map((each) => each.kind),
    );
    expect(visitor.thread.pending).toEqual([]);
    expect(visitor.client.unsent).toBe(0);
  });

  test('is shown at once, kept over a reload, and sent once', async () => {
    const { here, visitor } = await talk();
    here.set_network(false);
    await visitor.pass(100);
    await visitor.thread.edit(message(visitor.thread, 'hallo'), 'hello');
    expect(message(visitor.thread, 'hello').change).toMatchObject({ state: 'waiting' });
    visitor.kill();

    const again = here.tab();
    await again.pass(200);
    here.set_network(true);
    await again.pass(3_000);

    expect(shown(again)).toEqual(['hello', 'How can I help?']);
    const edits = here.desk.conversations.get(id)!.tracks.public;
    expect(edits.filter((event) => event.kind === 'edited').length).toBe(1);
    expect(message(again.thread, 'hello').change).toBeUndefined();
  });

  test('that is refused leaves the words, says why, and can be given up', async () => {
    const { visitor } = await talk();
    const hers = message(visitor.thread, 'How can I help?');

    await visitor.thread.edit(hers, 'mine now');
    await visitor.pass(500);

    const { change, text } = message(visitor.thread, 'How can I help?');
    expect(text).toBe('How can I help?');
    expect(change!.fault!.code).toBe('unknown_message');
    await visitor.thread.discard(change!.key);
    expect(message(visitor.thread, 'How can I help?').change).toBeUndefined();
    await visitor.post('still in order');
    await visitor.pass(500);
    expect(shown(visitor)).toContain('still in order');
  });

  test('that came before its older message waits for it', async () => {
    const here = new world();
    here.desk.open(id, ann);
    for (let i = 1; i <= 120; ++i) here.desk.say(id, lin, `${i}`);
    here.desk.append(id, { kind: 'edited', author: lin, target: 30, text: 'thirty' });
    here.desk.append(id, { kind: 'deleted', author: lin, target: 31 });
    const tab = here.tab();
    await tab.pass(500);
    expect(tab.thread.events[0].seq).toBeGreaterThan(31);

    const older = tab.thread.older();
    await tab.pass(500);
    await older;

    expect(texts(tab.thread.events)).toContain('thirty');
    expect(texts(tab.thread.events)).not.toContain('30');
    expect(texts(tab.thread.events)).not.toContain('31');
  });
});

describe('a deletion', () => {
  test('takes the words away everywhere, also from what answers them', async () => {
    const { visitor, agent, thread } = await talk();
    await thread.post('Which order?', { reply_to: message(thread, 'hallo').seq });
    await visitor.pass(500);

    await visitor.thread.remove(message(visitor.thread, 'hallo'));
    await visitor.pass(500);

    const words = ['(deleted)', 'How can I help?', 'Which order?'];
    expect(shown(visitor)).toEqual(words);
    expect(shown(agent, thread)).toEqual(words);
    const answer = message(thread, 'Which order?');
    expect(thread.message(answer.reply_to!)).toMatchObject({ text: '', deleted: true });
  });

  test('makes an unread message one that nobody has to read', async () => {
    const { visitor, thread } = await talk();
    expect(visitor.thread.unread).toBe(1);

    await thread.remove(message(thread, 'How can I help?'));
    await visitor.pass(500);

    expect(visitor.thread.unread).toBe(0);
  });

  test("of another's message is a supervisor's", async () => {
    const { here, visitor, thread } = await talk();
    here.desk.supervisors.add(lin);

    await thread.remove(message(thread, 'hallo'));
    await visitor.pass(500);

    expect(shown(visitor)).toEqual(['(deleted)', 'How can I help?']);
  });
});

test('a quoted message that is older than what is here is fetched', async () => {
  const here = new world();
  here.desk.open(id, ann);
  for (let i = 1; i <= 120; ++i) here.desk.say(id, lin, `${i}`);
  here.desk.append(id, { kind: 'message', author: lin, text: 'see above', reply_to: 3 });
  here.desk.append(id, { kind: 'edited', author: lin, target: 3, text: 'three' });
  const tab = here.tab();
  await tab.pass(500);

  expect(tab.thread.message(3)).toBeUndefined();
  await tab.pass(500);

  expect(tab.thread.message(3)?.text).toBe('three');
});

test('a note of which only the ack comes stands below what its author had seen', async () => {
  const { here, agent, thread } = await talk();
  here.desk.on_send = (frame) =>
    frame.t === 'event' && frame.track === 'internal' ? 'drop' : 'pass';

  await thread.post('she is fuming', { track: 'internal' });
  await agent.pass(500);

  expect(shown(agent, thread)).toEqual(['hallo', 'How can I help?', 'she is fuming']);
});

test('notes are edited for agents only', async () => {
  const { here, visitor, agent, thread } = await talk();
  await thread.post('she is fuming', { track: 'internal' });
  await agent.pass(500);

  await thread.edit(message(thread, 'she is fuming'), 'she is not happy');
  await agent.pass(500);

  expect(shown(agent, thread)).toContain('she is not happy');
  expect(shown(visitor)).toEqual(['hallo', 'How can I help?']);
  expect(here.desk.conversations.get(id)!.tracks.internal.length).toBe(2);
});

test('a restored history is told the last words, and no change of what is not there', async () => {
  const { here, visitor, agent } = await talk();
  const backup = structuredClone(here.desk.conversations.get(id)!.tracks);
  await visitor.post('lost');
  await visitor.post('regretted');
  await visitor.pass(500);
  await visitor.thread.edit(message(visitor.thread, 'lost'), 'lost and found');
  await visitor.thread.edit(message(visitor.thread, 'hallo'), 'hello');
  await visitor.thread.remove(message(visitor.thread, 'regretted'));
  await visitor.pass(1_000);

  here.set_network(false);
  await visitor.pass(100);
  const restored = here.desk.conversations.get(id)!;
  restored.tracks = backup;
  restored.answers.clear();
  here.desk.history = 'bbbbbbbbbbbbbbbb';
  here.desk.say(id, lin, 'a stranger at the place of another');
  here.set_network(true);
  await visitor.pass(15_000);

  const now = ['hello', 'How can I help?', 'a stranger at the place of another', 'lost and found'];
  expect(shown(visitor)).toEqual(now);
  expect(visitor.client.unsent).toBe(0);
  expect(visitor.thread.pending).toEqual([]);
  expect(agent.client.state.name).toBe('online');
});

describe('typing', () => {
  test('tells the text once a second, the last one, and cut at a character', async () => {
    const { here, visitor, thread } = await talk();
    here.desk.typing_seen.length = 0;
    const typed = '😀'.repeat(300);
    for (let i = 1; i <= 30; ++i) {
      visitor.thread.set_typing(true, typed.slice(0, 20 * i));
      await visitor.pass(100);
    }
    await visitor.pass(2_000);

    const told = here.desk.typing_seen.map((frame) => frame.text!);
    expect(told.length).toBeLessThanOrEqual(5);
    expect(told[told.length - 1]).toBe('😀'.repeat(256));
    expect(thread.typing_text(ann)).toBe('😀'.repeat(256));
    await visitor.pass(6_000);
    expect(thread.typing_text(ann)).toBeUndefined();
    expect(thread.typing).toEqual([]);
  });

  test('tells no text where agents are not shown it, and none of an agent', async () => {
    const here = new world();
    here.desk.inbox.typing_preview = false;
    const { visitor, agent, thread } = await talk(here);
    visitor.thread.set_typing(true, 'secret');
    thread.set_typing(true, 'also secret');
    await agent.pass(100);

    expect(here.desk.typing_seen.map((frame) => frame.text)).toEqual([undefined, undefined]);
    expect(thread.typing).toEqual([ann]);
  });

  test('a message ends it', async () => {
    const { visitor, thread } = await talk();
    visitor.thread.set_typing(true, 'I wa');
    await visitor.pass(100);
    expect(thread.typing_text(ann)).toBe('I wa');

    visitor.thread.set_typing(true, 'I was');
    await visitor.post('I was there');
    await visitor.pass(3_000);

    expect(thread.typing_text(ann)).toBeUndefined();
  });
});
