import { mkdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launch } from './people.mjs';
import { on_stage } from './stage.mjs';
import { until } from './until.mjs';

// `node browser_tests/pictures.mjs`: takes the pictures in docs/pictures anew, of the real pages on
// a real node with a lively demo shop.
const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const bytes_max = 300 * 1024;

const others = [
  ['ben', '你好，请问晨光杯还有货吗？我想送朋友一对。'],
  ['cem', 'My teapot arrived with a chip in the lid. What now?'],
  ['dao', '可以开发票吗？公司采购二十只碗。'],
  ['eva', 'Is the oat glaze safe in the dishwasher?'],
];

async function take(page, name) {
  const path = `${folder}${name}.png`;
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  const { size } = await stat(path);
  if (size > bytes_max) throw new Error(`${name}.png has ${size} bytes`);
  console.log(`${name}.png: ${size} bytes`);
}

await mkdir(folder, { recursive: true });
const browser = await launch();
await on_stage(browser, async (desk) => {
  const mia = await desk.agent('mia', { viewport: { width: 1440, height: 900 } });
  for (const [name, text] of others) {
    const someone = await desk.visitor(name);
    await someone.write(text);
    await someone.delivered('Delivered');
  }
  const ann = await desk.visitor('ann');
  await ann.write('Hi! I love the Daybreak mug.');
  await ann.write('Do you ship two of them to Norway?');
  await mia.choose('Norway');
  await mia.write('Hello, and thank you! Yes, we ship to Norway, in three to five days.');
  await mia.write('Shall I set two aside from this morning’s kiln?');
  await until('Ann sees it', async () => (await ann.texts()).length === 4);
  await ann.write('Oh yes, please. One in grey-blue, if you have it!');
  await until('Mia sees it', async () => (await mia.texts()).length === 5);
  await mia.write('One oat, one grey-blue. They are yours.');
  await until('Ann sees it', async () => (await ann.texts()).length === 6);
  await mia.delivered('read');
  await ann.write('Wonderful, thank you, Mia!');
  await until('Mia sees it', async () => (await mia.texts()).length === 7);
  await ann.delivered('Read');
  await take(ann.page, 'widget');
  await take(mia.page, 'console');
});
await browser.close();
