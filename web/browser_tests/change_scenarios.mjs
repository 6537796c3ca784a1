import assert from 'node:assert/strict';
import { talk } from './talk.mjs';
import { until, until_equal } from './until.mjs';

const question = 'Do you ship to Norway?';

/// Messages that are answered, changed and taken back, and what is seen before it is sent.
export const change_scenarios = {
  async 'an answer, an edit and a deletion are seen by both, also after a reload'(desk) {
    const [mia, ann] = await talk(desk);
    await mia.reply_to(question, 'To Norway in a week');
    await ann.sees(question, 'We do!', 'To Norway in a week');
    assert.equal(await ann.quote_in('To Norway in'), question);
    await ann.edit(question, 'Do you ship to Sweden?');
    await mia.sees('Do you ship to Sweden?', 'We do!', 'To Norway in a week');
    await ann.sees('Do you ship to Sweden?', 'We do!', 'To Norway in a week');
    const quote = () => mia.quote_in('To Norway in');
    await until_equal('the quote says the same', quote, 'Do you ship to Sweden?');
    assert.equal(await mia.message('Sweden').locator('.edited').first().textContent(), 'edited');

    await mia.edit('To Norway in a week', 'To Sweden in a week');
    await ann.sees('Do you ship to Sweden?', 'We do!', 'To Sweden in a week');
    await mia.remove('We do!');
    await ann.remove('Do you ship to Sweden?');
    for (const one of [mia, ann]) {
      await one.sees('To Sweden in a week');
      await until_equal('the quote', () => one.quote_in('To Sweden'), 'Message deleted');
    }
    await Promise.all([mia.page.reload(), ann.page.reload()]);
    await ann.field.waitFor();
    await ann.sees('To Sweden in a week');
    await mia.is('accepting');
    await mia.choose('To Sweden');
    await mia.sees('To Sweden in a week');
    assert.equal(await ann.panel.locator('.gone').count(), 2);
    assert.equal(await mia.page.locator('.gone').count(), 2);
  },

  async 'a list says what the last message says now'(desk) {
    const [mia, ann] = await talk(desk);
    const last = () => mia.page.locator('[data-testid=row] .row-last').textContent();
    await ann.write('And to Finnland?');
    await until_equal('the row', last, 'And to Finnland?');
    await ann.edit('Finnland', 'And to Finland?');
    await until_equal('the row', last, 'And to Finland?');
    await ann.remove('And to Finland?');
    await until_equal('the row', last, 'Message deleted');
  },

  async 'what is changed offline is sent once there is a desk'(desk) {
    const [mia, ann] = await talk(desk);
    await desk.node.kill();
    await ann.edit(question, 'Do you ship to Iceland?');
    await until('Ann sees that it waits', async () =>
      /Saving/.test(await ann.message('Iceland').textContent()),
    );
    await desk.node.begin();
    await mia.sees('Do you ship to Iceland?', 'We do!');
    await until('nothing waits any more', async () => {
      return !/Saving/.test(await ann.message('Iceland').textContent());
    });
  },

  async 'a note that is changed and deleted is never heard of by the visitor'(desk) {
    const mia = await desk.agent('mia');
    const ann = await desk.visitor('ann');
    const heard = [];
    ann.page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => heard.push(String(payload)));
    });
    await ann.page.reload();
    await ann.field.waitFor();
    await ann.write(question);
    await mia.choose(question);
    await mia.note('Secret: she is a regular');
    await mia.sees(question, 'Secret: she is a regular');
    await mia.edit('Secret: she', 'Secret: she is our best');
    await mia.sees(question, 'Secret: she is our best');
    await mia.reply_to('Secret: she', 'Secret: indeed');
    await mia.remove('Secret: she is our best');
    await mia.sees(question, 'Secret: indeed');
    await mia.page.click('[data-testid=mode-reply]');
    await mia.write('We do!');
    await ann.sees(question, 'We do!');
    assert.ok(heard.some((frame) => frame.includes('We do!')));
    assert.ok(!heard.some((frame) => /Secret|internal|edited|deleted/.test(frame)));
  },

  async 'what others said is deleted by a supervisor, and by no other agent'(desk) {
    await desk.node.hire('sue', 'supervisor');
    const [mia, ann] = await talk(desk);
    await ann.write('My card number is 4111');
    await mia.sees(question, 'We do!', 'My card number is 4111');
    await mia.message('My card').locator('.bubble').hover();
    await mia.message('My card').locator('[data-testid=tool-reply]').waitFor();
    assert.equal(await mia.message('My card').locator('[data-testid=tool-remove]').count(), 0);
    const sue = await desk.agent('sue');
    await sue.tab('all');
    await sue.choose('My card number');
    await sue.remove('My card number is 4111');
    for (const one of [mia, ann, sue]) await one.sees(question, 'We do!');
  },

  async 'on a phone a tap shows what can be done with a message'(desk) {
    const mia = await desk.agent('mia');
    const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
    const ann = await desk.visitor('ann', phone);
    await ann.write('Do you ship to Norwy?');
    await mia.choose('Norwy');
    const message = ann.message('Norwy');
    await message.locator('.bubble').tap();
    await message.locator('[data-testid=tool-edit]').tap();
    await ann.field.fill(question);
    await ann.field.press('Enter');
    await mia.sees(question);
    await mia.write('We do!');
    await ann.sees(question, 'We do!');
    await ann.message('We do!').locator('.bubble').tap();
    await ann.message('We do!').locator('[data-testid=tool-reply]').tap();
    await ann.field.fill('Lovely');
    await ann.field.press('Enter');
    await mia.sees(question, 'We do!', 'Lovely');
    assert.equal(await mia.quote_in('Lovely'), 'We do!');
  },

  async 'by keyboard alone an agent answers, edits and deletes'(desk) {
    const [mia, ann] = await talk(desk);
    await mia.field.press('ArrowUp');
    await mia.field.fill('We surely do!');
    await mia.field.press('Enter');
    await ann.sees(question, 'We surely do!');
    await mia.field.press('Escape');
    await mia.page.keyboard.press('m');
    await mia.page.keyboard.press('ArrowUp');
    await mia.page.keyboard.press('r');
    await mia.page.keyboard.type('In a week');
    await mia.page.keyboard.press('Enter');
    await ann.sees(question, 'We surely do!', 'In a week');
    assert.equal(await ann.quote_in('In a week'), question);
    await mia.page.keyboard.press('Escape');
    await mia.page.keyboard.press('m');
    await mia.page.keyboard.press('Delete');
    await mia.page.keyboard.press('Enter');
    await ann.sees(question, 'We surely do!');
  },

  async 'what a visitor types is seen before it is sent, and gone after'(desk) {
    const [mia, ann] = await talk(desk);
    const typed = mia.page.locator('[data-testid=typed]');
    await ann.field.pressSequentially('My order numb', { delay: 60 });
    await until_equal('Mia sees it', () => typed.allTextContents(), ['My order numb']);
    await ann.field.fill('');
    await until_equal('it is gone', () => typed.allTextContents(), []);
    await ann.field.pressSequentially('Never mind', { delay: 60 });
    await until_equal('Mia sees it', () => typed.allTextContents(), ['Never mind']);
    await ann.field.press('Enter');
    await mia.sees(question, 'We do!', 'Never mind');
    await until_equal('it is gone', () => typed.allTextContents(), []);
    await mia.write('All right');
    await ann.sees(question, 'We do!', 'Never mind', 'All right');
    assert.equal(await ann.panel.locator('[data-testid=typed]').count(), 0);
  },
};
