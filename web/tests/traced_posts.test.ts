import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { open_device_store } from '../sdk/src/device_store';
import { recorded, texts, world, type tab } from './world';

const digits = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331';
const traceparent = `00-${digits}-01`;

async function visitor(here: world): Promise<tab> {
  const tab = here.tab();
  await tab.pass(100);
  return tab;
}

/// What the desk was told of the trace of each post, repeats included.
const told = (here: world) => here.desk.posts_seen.map((post) => post.traceparent);

describe('a post with a trace', () => {
  test('tells the desk of it, and the next one does not', async () => {
    const here = new world();
    const mia = await visitor(here);

    await mia.thread.post('traced', { traceparent });
    await mia.thread.post('not traced');
    await mia.pass(500);

    expect(told(here)).toEqual([traceparent, undefined]);
    expect(mia.shown).toEqual(['traced', 'not traced']);
  });

  test('may be an edit, a deletion or a file', async () => {
    const here = new world();
    const mia = await visitor(here);
    await mia.post('first');
    await mia.pass(500);
    const shown = () => mia.thread.message(2)!;

    await mia.thread.edit(shown(), 'second', { traceparent });
    await mia.pass(500);
    await mia.thread.remove(shown(), { traceparent });
    await mia.thread.post_file({ blob: new Blob(['bytes']), name: 'a.txt' }, '', { traceparent });
    await mia.pass(2_000);

    expect(told(here)).toEqual([undefined, traceparent, traceparent, traceparent]);
  });

  test('keeps it over a reload, also under another number', async () => {
    const here = new world(1, { indexed: true });
    here.store = await open_device_store();
    const first = await visitor(here);
    await first.post('hello');
    await first.pass(500);
    here.desk.on_send = (frame) => (frame.t === 'ack' || frame.t === 'event' ? 'drop' : 'pass');
    await first.thread.post('never acknowledged', { traceparent });
    await first.pass(100);
    here.set_network(false);
    await first.thread.post('never sent', { traceparent });
    first.kill();

    here.desk.on_send = () => 'pass';
    here.is_network_up = true;
    const second = here.tab();
    await second.pass(2_000);

    expect(here.desk.posts_seen.map(({ n, traceparent }) => [n, traceparent])).toEqual([
      [1, undefined],
      [2, traceparent],
      [2, traceparent],
      [3, traceparent],
    ]);
    expect(recorded(here, second.client.current!)).toHaveLength(3);
  });

  test('has it where no WebSocket passes', async () => {
    const here = new world();
    here.sockets = 'refused';
    const mia = here.tab();
    await mia.pass(15_000);

    await mia.thread.post('by a plain request', { traceparent });
    await mia.pass(500);

    expect(here.plain.requests).toContain('/v1/frames');
    expect(told(here)).toEqual([traceparent]);
  });

  test('shows it to nobody', async () => {
    const here = new world();
    const mia = await visitor(here);
    await mia.thread.post('traced', { traceparent });
    expect(JSON.stringify(mia.thread.pending)).not.toContain(digits);
    await mia.pass(500);

    expect(texts(mia.thread.events)).toEqual(['traced']);
    expect(JSON.stringify(mia.thread.events)).not.toContain(digits);
  });

  for (const [what, given, sent] of [
    ['one that is not flagged', `00-${digits}-00`, `00-${digits}-00`],
    ['one of a later version', `01-${digits}-01`, `01-${digits}-01`],
    ['the beginning of a longer one', `cc-${digits}-01-more`, `cc-${digits}-01`],
    ['none', '', undefined],
    ['no version that is none', `ff-${digits}-01`, undefined],
    ['nothing behind version 00', `${traceparent}-more`, undefined],
    ['no line break', `${traceparent}\n`, undefined],
    ['no upper case', traceparent.toUpperCase(), undefined],
    ['no trace of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, undefined],
    ['no span of zeros', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`, undefined],
    ['nothing shorter', traceparent.slice(0, -1), undefined],
    ['nothing before it', ` ${traceparent}`, undefined],
  ] as const) {
    test(`sends ${what}`, async () => {
      const here = new world();
      const mia = await visitor(here);

      await mia.thread.post('hello', { traceparent: given });
      await mia.pass(500);

      expect(told(here)).toEqual([sent]);
      expect(mia.shown).toEqual(['hello']);
    });
  }
});
