import * as buffer from 'node:buffer';
import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { is_picture, type shown_message } from '../sdk/src';
import { clean_name } from '../sdk/src/files';
import { open_file_store } from '../sdk/src/file_store';
import { refusal } from './fake_fetch';
import { world, type tab } from './world';

// Node 18 has it there only.
globalThis.File ??= buffer.File as unknown as typeof File;

const kib = 1024;

function file(bytes: number, name = 'notes.txt', type = 'text/plain'): File {
  return new File([new Uint8Array(bytes).map((_, i) => i % 251)], name, { type });
}

async function visitor(here = new world()): Promise<tab> {
  const tab = here.tab();
  await tab.pass(100);
  await tab.post('hello');
  await tab.pass(1_500);
  return tab;
}

function last(tab: tab): shown_message {
  return tab.thread.events.filter((each) => each.kind === 'message').pop() as shown_message;
}

const patches = (here: world) =>
  here.desk.files.requests.filter((each) => each.method === 'PATCH').map((each) => each.offset);

describe('a file', () => {
  test('is uploaded in pieces, then posted, and can be read', async () => {
    const here = new world();
    const tab = await visitor(here);

    await tab.thread.post_file({ blob: file(900 * kib) }, 'my notes');
    await tab.pass(3_000);

    expect(patches(here).length).toBeGreaterThan(1);
    expect(last(tab)).toMatchObject({ text: 'my notes', file: { name: 'notes.txt' } });
    expect(tab.thread.pending).toEqual([]);
    const got = await get(tab);
    expect(got.size).toBe(900 * kib);
    expect(new Uint8Array(await got.arrayBuffer())[700 * kib]).toBe((700 * kib) % 251);
    expect(await here.files.list()).toEqual([]);
  });

  test('is what its event says, which is asked for when only the ack comes', async () => {
    const here = new world();
    const tab = await visitor(here);
    here.desk.on_send = (frame) => {
      if (frame.t !== 'event' || frame.kind !== 'message' || !frame.file) return 'pass';
      here.desk.on_send = () => 'pass';
      return 'drop';
    };

    await tab.thread.post_file({ blob: file(10) });
    await tab.pass(1_000);

    expect(last(tab).file?.bytes).toBe(10);
    expect(here.opened).toBe(1);
  });

  test('opens the conversation as a first message does', async () => {
    const here = new world();
    const tab = here.tab();
    await tab.pass(100);

    await tab.thread.post_file({ blob: file(10) });
    await tab.pass(3_000);

    expect(last(tab).file?.bytes).toBe(10);
  });

  test('is seen on its way in the conversation that it or its words open', async () => {
    const here = new world();
    here.desk.files.instead = ({ method }) => (method === 'PATCH' ? 'cut' : undefined);
    const tab = here.tab();
    await tab.pass(100);
    await tab.thread.post_file({ blob: file(500 * kib) });
    await tab.pass(500);
    expect(tab.thread.conversation).not.toBe('');
    expect(tab.thread.pending.map((post) => post.file?.name)).toEqual(['notes.txt']);

    await tab.post('the file comes soon');
    await tab.pass(500);
    expect(tab.shown).toEqual(['the file comes soon', '']);
    here.desk.files.instead = () => undefined;
    await tab.pass(30_000);
    expect(last(tab).file?.bytes).toBe(500 * kib);
    expect(here.desk.conversations.size).toBe(1);
  });

  test('for a conversation that has ended goes to the next one', async () => {
    const here = new world();
    const tab = await visitor(here);
    const ended = tab.client.current!;
    let refusals = 1;
    here.desk.files.instead = ({ method }) =>
      method === 'POST' && refusals-- > 0 ? refusal(409, 'conversation_closed') : undefined;
    here.set_network(false);
    await tab.thread.post_file({ blob: file(10) });
    here.desk.conversations.get(ended)!.status = 'closed';
    here.set_network(true);
    await tab.pass(5_000);

    expect(tab.client.current).not.toBe(ended);
    expect(last(tab).file?.bytes).toBe(10);
  });

  test('that the node has more or less of than was thought goes on where it says', async () => {
    const here = new world();
    const tab = await visitor(here);
    let answers = 2;
    here.desk.files.instead = ({ method }) =>
      method === 'PATCH' && answers-- > 0 ? refusal(409, 'out_of_order') : undefined;

    await tab.thread.post_file({ blob: file(300 * kib) });
    await tab.pass(20_000);

    expect(last(tab).file?.bytes).toBe(300 * kib);
  });

  test('goes on behind what the node has after a cut', async () => {
    const here = new world();
    const tab = await visitor(here);
    let cuts = 2;
    here.desk.files.instead = ({ method }) =>
      method === 'PATCH' && cuts-- > 0 ? 'cut' : undefined;

    await tab.thread.post_file({ blob: file(500 * kib) });
    await tab.pass(20_000);

    expect(last(tab).file?.bytes).toBe(500 * kib);
    expect(new Set(patches(here)).size).toBe(patches(here).length);
    expect((await get(tab)).size).toBe(500 * kib);
  });

  test('goes on after a reload', async () => {
    const here = new world();
    const tab = await visitor(here);
    here.desk.files.instead = ({ offset }) => ((offset ?? 0) > 0 ? 'cut' : undefined);
    await tab.thread.post_file({ blob: file(600 * kib) }, 'kept');
    await tab.pass(1_000);
    const at = [...here.desk.files.files.values()][0].offset;
    expect(at).toBeGreaterThan(0);
    tab.kill();

    here.desk.files.instead = () => undefined;
    const again = here.tab();
    await again.pass(5_000);

    expect(here.desk.files.requests.filter((each) => each.method === 'POST').length).toBe(1);
    expect(last(again)).toMatchObject({ text: 'kept', file: { bytes: 600 * kib } });
  });

  test('whose bytes the browser did not keep says so after a reload', async () => {
    const here = new world();
    const tab = await visitor(here);
    here.set_network(false);
    await tab.thread.post_file({ blob: file(10) });
    tab.kill();
    for (const { key } of await here.files.list()) await here.files.drop(key);

    const again = here.tab();
    here.set_network(true);
    await again.pass(3_000);

    expect(again.thread.pending.map((post) => post.fault?.code)).toEqual(['file_lost']);
  });

  test('does not hold up what is written meanwhile', async () => {
    const here = new world();
    const tab = await visitor(here);
    here.desk.files.instead = ({ method }) => (method === 'PATCH' ? 'cut' : undefined);
    await tab.thread.post_file({ blob: file(500 * kib) });
    await tab.post('the file comes soon');
    await tab.pass(500);
    expect(last(tab).text).toBe('the file comes soon');

    here.desk.files.instead = () => undefined;
    await tab.pass(30_000);
    expect(last(tab).file?.bytes).toBe(500 * kib);
  });

  test('of a type that is not taken fails, and what follows goes on', async () => {
    const here = new world();
    const tab = await visitor(here);
    await tab.thread.post_file({ blob: file(10, 'a.exe', 'application/x-msdownload') });
    await tab.pass(3_000);
    expect(tab.thread.pending.map((post) => post.fault?.code)).toEqual(['file_type']);

    await tab.post('sorry');
    await tab.pass(500);
    expect(last(tab).text).toBe('sorry');
  });

  test('for which there is no room waits for somebody to try again', async () => {
    const here = new world();
    const tab = await visitor(here);
    const full = JSON.stringify({ code: 'storage_full', message: 'full', retry: true });
    here.desk.files.instead = () => new Response(full, { status: 507 });
    const key = await tab.thread.post_file({ blob: file(10) });
    await tab.pass(3_000);
    expect(tab.thread.pending.map((post) => post.fault?.code)).toEqual(['storage_full']);

    here.desk.files.instead = () => undefined;
    await tab.thread.retry(key);
    await tab.pass(3_000);
    expect(last(tab).file?.bytes).toBe(10);
  });

  test('that is cancelled is given up at the node, too', async () => {
    const here = new world();
    const tab = await visitor(here);
    here.desk.files.instead = ({ offset }) => ((offset ?? 0) > 0 ? 'cut' : undefined);
    const key = await tab.thread.post_file({ blob: file(500 * kib) });
    await tab.pass(500);

    await tab.thread.discard(key);
    await tab.pass(30_000);

    expect(tab.thread.pending).toEqual([]);
    expect(here.desk.files.files.size).toBe(0);
    expect(await here.files.list()).toEqual([]);
  });

  test('brings its small picture', async () => {
    const here = new world();
    const thumbnail = new Blob(['small'], { type: 'image/webp' });
    here.look_at = () => ({ width: 800, height: 600, thumbnail });
    const tab = await visitor(here);

    await tab.thread.post_file({ blob: file(10, 'a.png', 'image/png') });
    await tab.pass(3_000);

    const { file: told, conversation } = last(tab);
    expect(told).toMatchObject({ width: 800, height: 600, thumbnail: true });
    const asked = here.desk.files.requests.length;
    expect(await (await tab.client.files.thumbnail(conversation, told!)).text()).toBe('small');
    expect(here.desk.files.requests.length).toBe(asked);
  });

  test('that was dropped at the node is begun anew', async () => {
    const here = new world();
    const tab = await visitor(here);
    let is_dropped = false;
    here.desk.files.instead = ({ method, offset }) => {
      if (method !== 'PATCH' || is_dropped || !offset) return undefined;
      is_dropped = true;
      here.desk.files.files.clear();
      return 'cut';
    };

    await tab.thread.post_file({ blob: file(500 * kib) });
    await tab.pass(20_000);

    expect(last(tab).file?.bytes).toBe(500 * kib);
  });
});

describe('bounds', () => {
  test('of size and number are told before anything is kept', async () => {
    const here = new world();
    const tab = await visitor(here);
    tab.client.files.bytes_max = 100;
    await expect(tab.thread.post_file({ blob: file(101) })).rejects.toMatchObject({
      code: 'too_large',
    });
    await expect(tab.thread.post_file({ blob: file(0) })).rejects.toMatchObject({
      code: 'empty_file',
    });
    here.set_network(false);
    for (let i = 0; i < 8; ++i) await tab.thread.post_file({ blob: file(1) });
    await expect(tab.thread.post_file({ blob: file(1) })).rejects.toMatchObject({
      code: 'too_many_files',
    });
    expect((await here.files.list()).length).toBe(8);
  });

  test('of an attempt that never comes further is an end', async () => {
    const here = new world();
    const tab = await visitor(here);
    here.desk.files.instead = () => 'cut';
    await tab.thread.post_file({ blob: file(10) });
    for (let i = 0; i < 10; ++i) {
      await tab.pass(20_000);
      here.desk.ping();
    }

    expect(tab.thread.pending.map((post) => post.fault?.code)).toEqual(['unreachable']);
    expect(here.desk.files.requests.length).toBeLessThan(12);
  });

  test('of names', () => {
    expect(clean_name('C:\\secret\\a\u0007b.png')).toBe('ab.png');
    expect(clean_name('')).toBe('file');
    const long = clean_name(`${'长'.repeat(200)}.png`);
    expect(new TextEncoder().encode(long).length).toBeLessThanOrEqual(255);
    expect(long.endsWith('长.png')).toBe(true);
  });

  test('only four types are pictures', () => {
    for (const type of ['image/png', 'image/jpeg', 'image/gif', 'image/webp'])
      expect(is_picture(type)).toBe(true);
    for (const type of ['image/svg+xml', 'text/html', 'application/pdf', ''])
      expect(is_picture(type)).toBe(false);
  });
});

test('the browser keeps files in a database of their own', async () => {
  const store = await open_file_store();
  const blob = new Blob(['abc'], { type: 'text/plain' });
  expect(await store.put({ key: 'k', at: 5, blob })).toBe(true);
  const again = await open_file_store();
  expect(await (await again.get('k'))!.blob.text()).toBe('abc');
  expect(await again.list()).toEqual([{ key: 'k', at: 5 }]);
  await again.drop('k');
  expect(await store.get('k')).toBeUndefined();
});

function get(tab: tab): Promise<Blob> {
  const { conversation, file: told } = last(tab);
  const got = tab.client.files.download(conversation, told!);
  return tab.pass(200).then(() => got);
}
