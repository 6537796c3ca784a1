import assert from 'node:assert/strict';
import { change_scenarios } from './change_scenarios.mjs';
import { file_scenarios } from './file_scenarios.mjs';
import { overload_scenarios } from './overload_scenarios.mjs';
import { talk } from './talk.mjs';
import { until, until_equal } from './until.mjs';

const hostile = '<img src=x onerror=alert(1)>';

/// Each is given a fresh desk and makes people with browsers of their own.
export const scenarios = {
  async 'a visitor asks, an agent answers, each sees what the other has read'(desk) {
    const [mia, ann] = await talk(desk);
    await ann.sees('Do you ship to Norway?', 'We do!');
    await ann.delivered('Read');
    await mia.delivered('read');
    await until('Mia has joined', async () => (await ann.notes()).includes('Mia joined'));
  },

  async 'a transfer is one thread for the visitor, with its history for the next agent'(desk) {
    const leo = await desk.agent('leo');
    await leo.set_status('busy');
    const [mia, ann] = await talk(desk);
    await leo.set_status('accepting');
    await mia.transfer_to('Leo');
    await leo.choose('We do!');
    await leo.sees('Do you ship to Norway?', 'We do!');
    await leo.write('Leo here, it takes a week.');
    await ann.sees('Do you ship to Norway?', 'We do!', 'Leo here, it takes a week.');
    await until('Leo took over', async () => (await ann.notes()).includes('Leo took over'));
    await ann.write('Thank you, Leo');
    await leo.sees(
      'Do you ship to Norway?',
      'We do!',
      'Leo here, it takes a week.',
      'Thank you, Leo',
    );
    await until('Mia has it no more', async () => (await mia.page.locator(row).count()) === 0);
  },

  async 'a reload of both pages loses nothing and shows nothing twice'(desk) {
    const [mia, ann] = await talk(desk);
    const so_far = ['Do you ship to Norway?', 'We do!', 'And how long does it take?'];
    await ann.write('And how long does it take?');
    // It is shown once it is kept; a key that was pressed a moment ago is nobody's promise.
    await ann.sees(...so_far);
    await Promise.all([mia.page.reload(), ann.page.reload()]);
    await ann.field.waitFor();
    await ann.sees(...so_far);
    await mia.is('accepting');
    await mia.choose('And how long');
    await mia.sees(...so_far);
    await mia.write('A week.');
    await ann.sees(...so_far, 'A week.');
    await ann.write('Fine');
    await mia.sees(...so_far, 'A week.', 'Fine');
  },

  async 'over https both talk, read and reload as they do without'(desk) {
    await desk.node.speak_tls();
    const [mia, ann] = await talk(desk);
    assert.match(ann.page.url(), /^https:/);
    await ann.delivered('Read');
    await Promise.all([mia.page.reload(), ann.page.reload()]);
    await ann.field.waitFor();
    await ann.write('And to Sweden?');
    await mia.is('accepting');
    await mia.choose('And to Sweden?');
    await mia.sees('Do you ship to Norway?', 'We do!', 'And to Sweden?');
  },

  async 'a node that is killed and comes back has everything, once and in order'(desk) {
    const [mia, ann] = await talk(desk);
    const said = ['Do you ship to Norway?', 'We do!'];
    for (let round = 1; round <= 3; round++) {
      const line = `Before fall ${round}`;
      await ann.write(line);
      await desk.node.kill();
      await desk.node.begin();
      said.push(line);
      await ann.sees(...said);
      await mia.sees(...said);
      await mia.is('accepting');
      await mia.write(`After fall ${round}`);
      said.push(`After fall ${round}`);
      await ann.sees(...said);
      await mia.sees(...said);
    }
    await ann.delivered('Read');
  },

  async 'a desk that is restored from a backup is told again what it lacks'(desk) {
    const [mia, ann] = await talk(desk);
    await desk.node.back_up();
    await ann.write('After the backup');
    const said = ['Do you ship to Norway?', 'We do!', 'After the backup'];
    await mia.sees(...said);
    await ann.delivered('Read');

    await desk.node.kill();
    await desk.node.restore();
    await desk.node.begin();
    await mia.is('accepting');
    await mia.write('Still here');
    // Who comes back first speaks first; but each once, and in one order for both.
    said.push('Still here');
    const is_whole = (texts) => `${[...texts].sort()}` === `${[...said].sort()}`;
    await until('both see all of it, once, and alike', async () => {
      const [hers, his] = [await ann.texts(), await mia.texts()];
      return `${hers}` === `${his}` && is_whole(hers);
    });
    const order = await mia.texts();
    await ann.page.reload();
    await ann.field.waitFor();
    await ann.sees(...order);
  },

  async 'what is written offline is kept, told, and sent once'(desk) {
    const [mia, ann] = await talk(desk);
    const said = ['Do you ship to Norway?', 'We do!'];
    await ann.context.setOffline(true);
    await until('the bar says offline', async () => /You are offline/.test(await ann.bar()));
    await ann.write('From the tunnel');
    await ann.write('and another');
    await ann.delivered('Will be sent');
    await ann.context.setOffline(false);
    said.push('From the tunnel', 'and another');
    await mia.sees(...said);
    await ann.sees(...said);

    await desk.node.kill();
    await until('the bar says lost', async () => /Connection lost/.test(await ann.bar()));
    await mia.page.waitForSelector('[data-testid=banner]');
    await mia.write('Mia without a desk');
    await mia.page.waitForSelector('[data-testid=banner][data-unsent="1"]');
    await desk.node.begin();
    said.push('Mia without a desk');
    await ann.sees(...said);
    await ann.write('Heard');
    said.push('Heard');
    await mia.sees(...said);
    await ann.sees(...said);
    await mia.page.waitForSelector('[data-testid=banner]', { state: 'detached' });
  },

  async 'a conversation waits, is taken, goes back, ends and begins again'(desk) {
    const mia = await desk.agent('mia');
    await mia.set_status('away');
    const ann = await desk.visitor('ann');
    await ann.write('Anybody there?');
    const place = () => ann.panel.locator('.queue-place').allTextContents();
    await until_equal('the place is', place, ['1']);

    await mia.set_status('accepting');
    await mia.choose('Anybody there?');
    await until_equal('nobody waits', place, []);

    await mia.set_status('busy');
    await mia.act('return');
    await until_equal('the place is again', place, ['1']);
    await mia.tab('queue');
    await mia.choose('Anybody there?');
    await mia.act('take');
    await mia.page.waitForSelector('[data-testid=tab-mine][aria-selected=true]');
    await mia.write('Here I am');
    await ann.sees('Anybody there?', 'Here I am');

    await mia.close_conversation();
    await ann.panel.locator('.ended button').click();
    await ann.write('One thing more');
    const notes = async () => (await ann.notes()).filter((note) => /^Conv/.test(note));
    await until_equal('the notes', notes, ['Conversation ended', 'Conversation continued']);
    await mia.set_status('accepting');
    await mia.tab('mine');
    await mia.choose('One thing more');
    await mia.sees('Anybody there?', 'Here I am', 'One thing more');
  },

  async 'two visitors are strangers to each other, and markup is text'(desk) {
    const mia = await desk.agent('mia');
    const ann = await desk.visitor('ann');
    const bob = await desk.visitor('bob');
    await ann.write(hostile);
    await bob.write('Bob here');
    await mia.choose(hostile);
    await mia.sees(hostile);
    await mia.write(`For Ann ${hostile}`);
    await mia.choose('Bob here');
    await mia.sees('Bob here');
    await mia.write('For Bob');
    await ann.sees(hostile, `For Ann ${hostile}`);
    await bob.sees('Bob here', 'For Bob');
    assert.equal(await mia.page.locator('img').count(), 0);
    assert.equal(await ann.panel.locator('img').count(), 0);
  },

  async 'where no WebSocket passes, both talk, reload and lose nothing'(desk) {
    await without_sockets(desk, 'stream', { without_sockets: true });
  },

  async 'where no stream passes either, both talk by events, reload and lose nothing'(desk) {
    await without_sockets(desk, 'events', { without_sockets: true, holds_streams: true });
  },

  async 'where no events pass either, both talk by polls, reload and lose nothing'(desk) {
    const blocked = { without_sockets: true, holds_streams: true, holds_events: true };
    await without_sockets(desk, 'poll', blocked);
  },

  async 'on a phone, in Chinese, a very long word stays within the page'(desk) {
    const mia = await desk.agent('mia');
    const phone = {
      locale: 'zh-CN',
      viewport: { width: 360, height: 740 },
      isMobile: true,
      hasTouch: true,
    };
    const li = await desk.visitor('li', phone);
    const long = 'Donaudampfschifffahrt'.repeat(20);
    assert.equal(await li.field.getAttribute('placeholder'), '输入消息…');
    await li.write('你好，请问晨光杯还有货吗？');
    await li.write(long);
    await mia.choose('Donau');
    await mia.write('有的，今天就可以发货。');
    await li.sees('你好，请问晨光杯还有货吗？', long, '有的，今天就可以发货。');
    await li.delivered('已读');
    const overhang = (root) => root.scrollWidth - root.clientWidth;
    assert.equal(await li.page.locator('html').evaluate(overhang), 0);
    assert.equal(await li.panel.locator('html').evaluate(overhang), 0);
    assert.equal(await li.panel.locator('.thread').evaluate(overhang), 0);
    const frame = await li.page.locator('iframe.frame').boundingBox();
    assert.ok(frame.x >= 0 && frame.x + frame.width <= 360, JSON.stringify(frame));
  },

  ...change_scenarios,

  ...file_scenarios,

  ...overload_scenarios,
};

const row = '[data-testid=row]';

async function without_sockets(desk, way, network) {
  const [mia, ann] = await talk(desk, network);
  assert.deepEqual([await mia.way(), await ann.way()], [way, way]);
  const said = ['Do you ship to Norway?', 'We do!'];
  for (let round = 1; round <= 3; round++) {
    await ann.write(`Question ${round}`);
    await mia.write(`Answer ${round}`);
    said.push(`Question ${round}`, `Answer ${round}`);
    const both = async () => [...(await ann.texts())].sort();
    await until_equal('Ann has both', both, [...said].sort());
  }
  const in_order = await ann.texts();
  await mia.sees(...in_order);

  await ann.write('Before the reload');
  await ann.sees(...in_order, 'Before the reload');
  await Promise.all([mia.page.reload(), ann.page.reload()]);
  await ann.field.waitFor();
  await ann.sees(...in_order, 'Before the reload');
  await mia.is('accepting');
  await mia.choose('Before the reload');
  await mia.write('After it');
  await ann.sees(...in_order, 'Before the reload', 'After it');
  await mia.sees(...in_order, 'Before the reload', 'After it');
  await ann.write('Fine');
  await mia.sees(...in_order, 'Before the reload', 'After it', 'Fine');
  assert.deepEqual([await mia.way(), await ann.way()], [way, way]);
}
