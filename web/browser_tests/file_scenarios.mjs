import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { talk } from './talk.mjs';
import { until, until_equal } from './until.mjs';

const by_id = (id) => `[data-testid=${id}]`;
const picture = fileURLToPath(new URL('../../docs/pictures/widget.png', import.meta.url));

const text_file = (name, bytes) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from('Line of a long list. '.repeat(bytes / 20).slice(0, bytes)),
});

/// Chooses files as the browser's dialog would, and sends them.
async function send(someone, files, words = '') {
  await someone.files.locator(by_id('file-input')).setInputFiles(files);
  await someone.files.locator(by_id('tray')).waitFor();
  await someone.field.fill(words);
  await someone.field.press('Enter');
}

/// Saves a file from the thread; its bytes.
async function save(someone, name) {
  const saved = someone.page.waitForEvent('download');
  await someone.files.locator(by_id('file'), { hasText: name }).click();
  const download = await saved;
  assert.equal(download.suggestedFilename(), name);
  return readFile(await download.path());
}

const names = (someone) => someone.files.locator('.bubble .file-name').allTextContents();

const is_drawn = (someone) => async () => {
  const image = someone.files.locator(`${by_id('picture')} img`).first();
  return (await image.evaluate((each) => each.naturalWidth)) > 0;
};

/// Files from one to the other, also over a node that dies.
export const file_scenarios = {
  async 'a picture is seen and made larger, a file is saved, both ways'(desk) {
    const [mia, ann] = await talk(desk);
    await send(ann, [picture], 'My kitchen');
    await mia.sees('Do you ship to Norway?', 'We do!', 'My kitchen');
    await until('Mia sees the picture', is_drawn(mia));
    await mia.page.click(by_id('picture'));
    const whole = mia.page.locator('.viewer-place img');
    await until('the whole of it', () => whole.evaluate((each) => each.naturalWidth > 800));
    await mia.page.keyboard.press('Escape');
    await whole.waitFor({ state: 'detached' });

    const list = text_file('list.txt', 3000);
    await send(mia, [list]);
    await until_equal('Ann has it', () => names(ann), ['list.txt']);
    assert.ok((await save(ann, 'list.txt')).equals(list.buffer));
    assert.equal(ann.context.pages().length, 1);

    await Promise.all([mia.page.reload(), ann.page.reload()]);
    await ann.field.waitFor();
    await until('Ann sees her picture', is_drawn(ann));
    await mia.is('accepting');
    await mia.choose('list.txt');
    await until('Mia sees the picture', is_drawn(mia));
  },

  async 'a picture may be the first thing that is said'(desk) {
    const mia = await desk.agent('mia');
    const ann = await desk.visitor('ann');
    await send(ann, [picture]);
    await mia.choose('widget.png');
    await until('Mia sees the picture', is_drawn(mia));
    await mia.write('How lovely');
    await ann.sees('How lovely');
  },

  async 'a node that is killed in the middle of an upload gets the rest of it'(desk) {
    const [mia, ann] = await talk(desk);
    const list = text_file('long list.txt', 4_000_000);
    let pieces = 0;
    let fallen;
    await ann.context.route('**/v1/files/**', async (route) => {
      const is_piece = route.request().method() === 'PATCH';
      if (is_piece && ++pieces === 3) fallen = desk.node.kill();
      await fallen;
      await route.continue().catch(() => undefined);
    });
    await send(ann, [list], 'All of it');
    await until('the node is gone', () => fallen !== undefined);
    await fallen;
    await until('Ann sees that it waits', async () =>
      /Uploading|back online/.test(await ann.files.locator('.thread').textContent()),
    );
    fallen = Promise.resolve();
    await desk.node.begin();
    await mia.sees('Do you ship to Norway?', 'We do!', 'All of it');
    assert.ok((await save(mia, 'long list.txt')).equals(list.buffer));
  },

  async 'a page that is left in the middle of an upload goes on when it is back'(desk) {
    const [mia, ann] = await talk(desk);
    const list = text_file('long list.txt', 4_000_000);
    let pieces = 0;
    let begun = 0;
    let is_stuck = true;
    await ann.context.route('**/v1/files**', async (route) => {
      if (route.request().method() === 'POST') begun++;
      await route.continue();
    });
    await ann.context.route('**/v1/files/**', async (route) => {
      const is_piece = route.request().method() === 'PATCH' && ++pieces > 2;
      if (!is_piece || !is_stuck) await route.continue();
    });
    await send(ann, [list], 'All of it');
    await until('it is stuck', () => pieces > 2);
    await ann.page.reload();
    is_stuck = false;
    await ann.field.waitFor();
    await mia.sees('Do you ship to Norway?', 'We do!', 'All of it');
    assert.equal(begun, 1);
    assert.ok((await save(mia, 'long list.txt')).equals(list.buffer));
  },

  async 'what is pasted or dropped goes with the next message, and may be taken off'(desk) {
    const [mia, ann] = await talk(desk);
    const bytes = [...(await readFile(picture))];
    const hand_over = (element, [how, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], `${how}.png`, { type: 'image/png' }));
      const wish = { bubbles: true, cancelable: true };
      const event =
        how === 'paste'
          ? new ClipboardEvent(how, { ...wish, clipboardData: data })
          : new DragEvent(how, { ...wish, dataTransfer: data });
      element.dispatchEvent(event);
    };
    for (const one of [ann, mia]) {
      await one.field.evaluate(hand_over, ['paste', bytes]);
      await one.field.evaluate(hand_over, ['drop', bytes]);
      const tray = () => one.files.locator(`${by_id('tray')} .file-name`).allTextContents();
      await until_equal('the tray', tray, ['paste.png', 'drop.png']);
      await one.files
        .locator(`${by_id('tray')} button`)
        .first()
        .click();
      await until_equal('the tray', tray, ['drop.png']);
      await one.field.fill(`From ${one.name}`);
      await one.field.press('Enter');
      await until_equal('the tray', tray, []);
    }
    await mia.sees('Do you ship to Norway?', 'We do!', 'From ann', 'From mia');
    const pictures = () => ann.files.locator(by_id('picture')).count();
    await until_equal('Ann has both', pictures, 2);
  },

  async 'what is not taken is said in words, and holds nothing up'(desk) {
    const [mia, ann] = await talk(desk);
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(4000)]);
    await send(ann, [{ name: 'setup.exe', mimeType: '', buffer: program }]);
    const failed = ann.files.locator('.meta.failed');
    await until('Ann is told', async () => /this kind are not/.test(await failed.textContent()));
    await ann.write('Then without it');
    await mia.sees('Do you ship to Norway?', 'We do!', 'Then without it');
    await ann.files.locator('.meta.failed button').last().click();
    await failed.waitFor({ state: 'detached' });
    const empty = { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) };
    await ann.files.locator(by_id('file-input')).setInputFiles([empty]);
    const problem = () => ann.files.locator('.tray-problem').textContent();
    await until_equal('Ann is told', problem, 'empty.txt: there is nothing in it');
  },

  async 'a file in a note is for agents, and a deleted file is gone'(desk) {
    const [mia, ann] = await talk(desk);
    await mia.page.click(by_id('mode-note'));
    await send(mia, [text_file('secret.txt', 2000)]);
    await until_equal('Mia sees it', () => names(mia), ['secret.txt']);
    await mia.page.click(by_id('mode-reply'));
    await send(mia, [text_file('offer.txt', 2000)], 'Our offer');
    await ann.sees('Do you ship to Norway?', 'We do!', 'Our offer');
    await until_equal('Ann sees one', () => names(ann), ['offer.txt']);
    await mia.remove('Our offer');
    await until_equal('Ann sees none', () => names(ann), []);
    await until_equal('Mia sees one', () => names(mia), ['secret.txt']);
  },
};
