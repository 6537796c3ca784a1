import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import { serve } from '../../tests/fake_server';
import type { fake_server } from '../../tests/fake_server';
import { listen, sign_in, with_browser } from './browser';
import { chatter, fill, hex, lengthen, me } from './busy_desk';

/// `vite-node console/tests/walk.ts [name]`: an agent's day in a real browser, on the built console
/// and the fake desk. Ends with an error at the first thing that is not as promised.

interface place {
  page: Page;
  browser: BrowserContext;
  server: fake_server;
}

const first = hex(0xc0de_0001);
const row = (id: string) => `[data-testid=row][data-conversation="${id}"]`;
const visitor_of = (server: fake_server, id: string) => server.desk.conversations.get(id)!.visitor;
const texts = (page: Page) => page.locator('[data-testid=message] .bubble').allTextContents();

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`never: ${what}`);
}

const walks: Record<string, (place: place) => Promise<void>> = {
  async 'answers a visitor, and sees it read'({ page, server }) {
    await page.click(row(first));
    await page.keyboard.press('r');
    await page.keyboard.type('On my way');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('soon');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-delivery=sent]');
    assert.equal((await texts(page)).pop(), 'On my way\nsoon');
    const conversation = server.desk.conversations.get(first)!;
    const person = conversation.visitor;
    const seq = conversation.tracks.public.length;
    server.desk.broadcast(first, {
      t: 'cursor',
      conversation: first,
      person,
      received: seq,
      read: seq,
    });
    await page.waitForSelector('[data-delivery=read]');
  },

  async 'shows hostile text as text'({ page }) {
    await page.click(row(hex(0xc0de_0006)));
    await page.waitForSelector('[data-testid=message]');
    assert.equal((await texts(page))[0], '<b>bold?</b> <script>alert("hello")</script>');
    assert.equal(await page.locator('img').count(), 0);
  },

  async 'takes the next of the queue by one key, and may answer at once'({ page, server }) {
    const [next] = [...server.desk.conversations.values()].filter(
      (each) => each.status === 'queued',
    );
    await page.keyboard.press('q');
    await page.waitForSelector(`[data-testid=thread][data-conversation="${next.id}"]`);
    await page.waitForSelector('[data-testid=composer-field]:focus');
    assert.equal(server.desk.conversations.get(next.id)!.assignee, me);
    assert.equal(
      await page.locator('[data-testid=tab-mine]').getAttribute('aria-selected'),
      'true',
    );
  },

  async 'hands over through the dialog, and work goes on with the next row'({ page, server }) {
    await page.click(row(first));
    await page.keyboard.press('Shift+T');
    await page.keyboard.type('mia');
    await page.waitForSelector('[data-testid=choice]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid=transfer-dialog]', { state: 'detached' });
    await until('handed over', () => server.desk.conversations.get(first)!.assignee !== me);
    await page.waitForSelector(row(first), { state: 'detached' });
    await page.waitForSelector('[data-testid=thread]');
    assert.match((await page.textContent('[data-testid=toasts]'))!, /Mia Tanaka/);
  },

  async 'closes only after asking, and Escape is no'({ page, server }) {
    await page.click(row(first));
    await page.keyboard.press('e');
    await page.waitForSelector('[data-testid=close-dialog]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-testid=close-dialog]', { state: 'detached' });
    assert.equal(server.desk.conversations.get(first)!.status, 'assigned');
    await page.keyboard.press('e');
    await page.keyboard.press('Enter');
    await until('closed', () => server.desk.conversations.get(first)!.status === 'closed');
    await page.keyboard.press('4');
    await page.click(row(first));
    await page.waitForSelector('[data-testid=composer-closed]');
  },

  async 'returns the focus from a dialog to where it was'({ page }) {
    await page.click(row(first));
    await page.keyboard.press('n');
    await page.keyboard.press('Control+k');
    await page.waitForSelector('[data-testid=picker-field]:focus');
    for (let turn = 0; turn < 4; turn++) await page.keyboard.press('Tab');
    assert.ok(
      await page.evaluate(
        () =>
          document.querySelector('dialog')!.contains(document.activeElement) ||
          document.activeElement === document.body,
      ),
    );
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-testid=composer-field]:focus');
  },

  async 'keeps drafts per conversation over a reload'({ page }) {
    await page.click(row(first));
    await page.keyboard.press('r');
    await page.keyboard.type('half a thought');
    await page.keyboard.press('Alt+ArrowUp');
    await page.waitForSelector(`${row(first)} .draft`);
    await page.waitForTimeout(400);
    await page.reload();
    await page.click(row(first));
    assert.equal(await page.inputValue('[data-testid=composer-field]'), 'half a thought');
  },

  async 'keeps replies while offline, counts them, and sends each once'({ page, server }) {
    await page.click(row(first));
    await page.waitForSelector('[data-testid=message]');
    server.desk.on_receive = () => 'cut';
    server.desk.cut();
    await page.waitForSelector('[data-testid=banner]');
    await page.keyboard.press('r');
    for (const text of ['one', 'two', 'three']) {
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    }
    await page.waitForSelector('[data-testid=banner][data-unsent="3"]');
    server.desk.on_receive = () => 'pass';
    await page.waitForSelector('[data-testid=connection][data-state=online]');
    await page.waitForSelector('[data-testid=banner]', { state: 'detached' });
    await page.waitForSelector('[data-delivery=sent]');
    assert.deepEqual((await texts(page)).slice(-3), ['one', 'two', 'three']);
    const said = server.desk.conversations.get(first)!.tracks.public.slice(-3);
    assert.deepEqual(
      said.map((event) => event.kind === 'message' && event.text),
      ['one', 'two', 'three'],
    );
  },

  async 'marks what arrived while the connection was gone'({ page, server }) {
    await page.click(row(first));
    await page.keyboard.press('r');
    await page.keyboard.type('so far');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-delivery=sent]');
    server.desk.on_receive = () => 'cut';
    server.desk.cut();
    await page.waitForSelector('[data-testid=banner]');
    server.desk.say(first, visitor_of(server, first), 'still there?');
    server.desk.on_receive = () => 'pass';
    await page.waitForSelector('[data-testid=connection][data-state=online]');
    await page.waitForSelector('[data-testid=unread-line]');
    assert.match((await page.textContent('[data-testid=unread-line]'))!, /away/);
  },

  async 'counts unread conversations in the title, and not the one that is read'({ page, server }) {
    await until('a count', async () => /^\(\d+\) Frontdesk$/.test(await page.title()));
    const before = Number(/\d+/.exec(await page.title())![0]);
    await page.click(row(first));
    await until('one fewer', async () => (await page.title()) === `(${before - 1}) Frontdesk`);
    server.desk.say(first, visitor_of(server, first), 'I am looking at you');
    await page.waitForTimeout(300);
    assert.equal(await page.title(), `(${before - 1}) Frontdesk`);
    await page.click('[data-testid=notifications]');
    await page.click('[data-testid=switch-badge]');
    await until('no count', async () => (await page.title()) === 'Frontdesk');
  },

  async 'sees typing and a new assignment live'({ page, server }) {
    const person = visitor_of(server, first);
    server.desk.broadcast(first, { t: 'typing', conversation: first, person, on: true });
    await page.waitForSelector(`${row(first)} .live`);
    const mine = await page.textContent('[data-testid=tab-mine] .count');
    const [queued] = [...server.desk.conversations.values()].filter(
      (each) => each.status === 'queued',
    );
    server.desk.assign(queued.id, me);
    await page.waitForSelector(row(queued.id));
    assert.equal(Number(await page.textContent('[data-testid=tab-mine] .count')), Number(mine) + 1);
  },

  async 'changes status and capacity'({ page, server }) {
    await page.click('[data-testid=status]');
    await page.click('[data-testid=status-away]');
    await until('away', () => server.desk.agents.get(me)!.status === 'away');
    await page.click('[data-testid=capacity]');
    await page.click('[data-testid=capacity-more]');
    await until('nine', () => server.desk.agents.get(me)!.capacity === 9);
    await until('shown', async () =>
      /\/9$/.test((await page.textContent('[data-testid=capacity]'))!),
    );
  },

  async 'asks for another session when the desk takes its token no more'({ page, server }) {
    server.desk.bye(4501, 'bad_token');
    await page.waitForSelector('[data-testid=login-problem]');
    await page.reload();
    await page.waitForSelector('[data-testid=login]');
  },

  async 'stays where it is read when older messages come'({ page, server }) {
    lengthen(server.desk, first, 600);
    await page.reload();
    await page.click(row(first));
    await page.waitForSelector('[data-testid=message]');
    await page.waitForTimeout(300);
    const log = page.locator('[data-testid=log]');
    const jump = await log.evaluate(async (element) => {
      let worst = 0;
      for (let turn = 0; turn < 120; turn++) {
        const edge = element.getBoundingClientRect().top;
        const seen = [...element.querySelectorAll('[data-testid=message]')].find(
          (one) => one.getBoundingClientRect().top > edge + 100,
        )!;
        const before = seen.getBoundingClientRect().top;
        const scrolled = element.scrollTop;
        await new Promise((resolve) => setTimeout(resolve, 60));
        if (seen.isConnected && element.scrollTop !== 0) {
          worst = Math.max(worst, Math.abs(seen.getBoundingClientRect().top - before));
        }
        element.scrollTop = Math.max(0, element.scrollTop - 400);
        if (scrolled === 0 && element.scrollTop === 0) break;
      }
      return worst;
    });
    assert.ok(jump < 2, `a line jumped by ${jump} px`);
    assert.match((await texts(page))[0], /^Line 1 of/);
    const drawn = await page.locator('[data-testid=message]').count();
    assert.ok(drawn < 250, `${drawn} of 600 messages are in the page`);
  },

  async 'draws few rows of a thousand, and reaches the last'({ page, server }) {
    fill(server.desk, { many: 1_300 });
    await page.reload();
    await page.waitForSelector('[data-testid=row]');
    await page.keyboard.press('3');
    await until(
      'listed',
      async () =>
        (await page.locator('li[aria-setsize]').first().getAttribute('aria-setsize'))!.length > 2,
    );
    assert.ok((await page.locator('[data-testid=row]').count()) < 40);
    for (let turn = 0; turn < 300; turn++) await page.keyboard.press('j');
    await page.waitForSelector('[data-testid=row][aria-current=true]');
    const place = await page.locator('li:has([aria-current=true])').getAttribute('aria-posinset');
    assert.ok(Number(place) > 250);
  },

  async 'types without lag while fifty messages a second arrive'({ page, browser, server }) {
    await page.click(row(first));
    await page.keyboard.press('r');
    const devtools = await browser.newCDPSession(page);
    await devtools.send('Performance.enable');
    // The page's own work, whatever else this machine does meanwhile.
    const worked = async (): Promise<Record<string, number>> => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    };
    const end = chatter(server.desk, 50);
    const before = await worked();
    for (let turn = 0; turn < 120; turn++) {
      await page.keyboard.type('x');
      await page.waitForTimeout(25);
    }
    const after = await worked();
    end();
    assert.equal(await page.inputValue('[data-testid=composer-field]'), 'x'.repeat(120));
    const share = (name: string): number =>
      (after[name] - before[name]) / (after.Timestamp - before.Timestamp);
    const names = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration', 'TaskDuration'];
    console.log(names.map((name) => `  ${name} ${(share(name) * 100).toFixed(0)} %`).join(''));
    assert.ok(share('ScriptDuration') + share('LayoutDuration') < 0.4);
  },
};

const only = process.argv[2] ?? '';
for (const [name, walk] of Object.entries(walks)) {
  if (!name.includes(only)) continue;
  const server = await serve();
  fill(server.desk);
  await with_browser(
    { viewport: { width: 1280, height: 800 }, locale: 'en-GB' },
    async (browser) => {
      const page = browser.pages()[0];
      const errors = listen(page);
      await sign_in(page, server.origin);
      await page.waitForSelector('[data-testid=row]');
      await walk({ page, browser, server });
      assert.deepEqual(errors, []);
      console.log(`ok ${name}`);
    },
  );
  server.close();
}
process.exit(0);
