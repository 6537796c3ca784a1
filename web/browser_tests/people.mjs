import { chromium } from 'playwright-core';
import { until, until_equal } from './until.mjs';

const off = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'];
const step_ms_max = 60_000;
// What a browser says of a connection that was refused or cut is no fault of the page.
const is_network = (text) => /Failed to load resource|WebSocket connection to|net::ERR_/.test(text);

/// Debian's Chromium, or `$CHROMIUM`.
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--no-first-run', ...off.map((name) => `--disable-${name}`)],
  });
}

/// In the page: a network in which no WebSocket passes, and with `holds_streams` no stream either,
/// and with `holds_events` no EventSource.
function block_sockets({ holds_streams, holds_events }) {
  window.WebSocket = class {
    constructor() {
      setTimeout(() => this.onclose?.({ code: 1006, reason: '' }), 5);
    }
    send() {}
    close() {}
  };
  if (holds_events) {
    window.EventSource = class {
      close() {}
    };
  }
  if (!holds_streams) return;
  const passes = window.fetch.bind(window);
  window.fetch = (url, request) =>
    String(url).endsWith('/v1/stream') ? new Promise(() => {}) : passes(url, request);
}

const by_id = (id) => `[data-testid=${id}]`;

/// Somebody with a browser profile of their own and one page. Every error of the page, every breach
/// of its content security policy and every dialog is written into `errors`.
class person {
  static async arrive(browser, errors, name, options = {}) {
    const someone = new this();
    someone.name = name;
    const looks = { locale: 'en-GB', viewport: { width: 1280, height: 800 } };
    // A desk that speaks TLS has signed its certificate itself.
    const habits = { ...looks, ignoreHTTPSErrors: true, ...options };
    someone.context = await browser.newContext(habits);
    if (options.without_sockets) await someone.context.addInitScript(block_sockets, options);
    someone.page = await someone.context.newPage();
    const { page } = someone;
    page.setDefaultTimeout(step_ms_max);
    const note = (what) => errors.push(`${name}: ${what}`);
    page.on('pageerror', (error) => note(error.stack ?? error.message));
    page.on('console', (line) => {
      if (line.type() === 'error' && !is_network(line.text())) note(line.text());
    });
    page.on('dialog', (dialog) => {
      note(`a dialog says ${dialog.message()}`);
      void dialog.dismiss();
    });
    return someone;
  }

  leave() {
    return this.context.close();
  }

  sees(...expected) {
    return until_equal(`${this.name} sees`, () => this.texts(), expected);
  }

  /// How the SDK has found the node, as this tab remembers it.
  way() {
    return this.page.evaluate(() => sessionStorage.getItem('frontdesk.way'));
  }

  /// Presses a button of the bar that a message shows under the mouse.
  async use_tool(tool, text) {
    await this.message(text).locator('.bubble').hover();
    await this.message(text)
      .locator(by_id(`tool-${tool}`))
      .click();
  }

  async reply_to(text, words) {
    await this.use_tool('reply', text);
    await this.field.fill(words);
    await this.field.press('Enter');
  }

  async edit(text, words) {
    await this.use_tool('edit', text);
    await this.field.fill(words);
    await this.field.press('Enter');
  }

  async remove(text) {
    await this.use_tool('remove', text);
    await this.message(text).locator(by_id('remove-sure')).click();
  }

  /// What a message quotes.
  quote_in(text) {
    return this.message(text).locator('.quote span').textContent();
  }
}

export class visitor extends person {
  get panel() {
    return this.page.frameLocator('iframe.frame');
  }

  async open(origin) {
    await this.page.goto(`${origin}/demo/`);
    await this.page.click('button.launcher');
    await this.field.waitFor();
  }

  /// Where its files are.
  get files() {
    return this.panel;
  }

  get field() {
    return this.panel.locator('textarea');
  }

  async write(text) {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  texts() {
    return this.panel.locator('.message .words').allTextContents();
  }

  message(text) {
    const words = this.panel.locator('.words', { hasText: text });
    return this.panel.locator('.message', { has: words });
  }

  notes() {
    return this.panel.locator('.system').allTextContents();
  }

  /// How far the last own message got, such as "Sent".
  async delivery() {
    const metas = await this.panel.locator('.message.own .meta').allTextContents();
    return metas.pop()?.split(' · ').pop();
  }

  delivered(state) {
    return until_equal(`${this.name}'s last message is`, () => this.delivery(), state);
  }

  bar() {
    return this.panel.locator('.bar').allTextContents();
  }
}

export class agent extends person {
  async log_in(node) {
    const { page } = this;
    await page.goto(`${node.origin}/console/`);
    await page.fill('[name=email]', `${this.name}@demo.example`);
    await page.fill('[name=password]', node.passwords[this.name]);
    await page.click(by_id('login-submit'));
    await this.is('accepting');
  }

  get online() {
    return this.page.waitForSelector(`${by_id('connection')}[data-state=online]`);
  }

  /// The agent's routing status, as the desk has told it.
  async is(status) {
    await this.online;
    await this.page.waitForSelector(`${by_id('status')} .dot.${status}`);
  }

  async set_status(status) {
    await this.page.click(by_id('status'));
    await this.page.click(by_id(`status-${status}`));
    await this.is(status);
  }

  async tab(view) {
    await this.page.click(by_id(`tab-${view}`));
  }

  /// Waits for a conversation whose last line has these words in it, and opens it.
  async choose(words) {
    await this.page.locator(by_id('row'), { hasText: words }).click();
    await this.page.waitForSelector(by_id('thread'));
    await this.page.waitForSelector(by_id('message'));
  }

  async act(what) {
    await this.page.click(by_id(`action-${what}`));
  }

  async write(text) {
    await this.page.fill(by_id('composer-field'), text);
    await this.page.press(by_id('composer-field'), 'Enter');
  }

  texts() {
    return this.page.locator(`${by_id('message')} .words`).allTextContents();
  }

  message(text) {
    const words = this.page.locator('.words', { hasText: text });
    return this.page.locator(by_id('message'), { has: words });
  }

  get files() {
    return this.page;
  }

  get field() {
    return this.page.locator(by_id('composer-field'));
  }

  async note(text) {
    await this.page.click(by_id('mode-note'));
    await this.write(text);
    await this.page.click(by_id('mode-reply'));
  }

  delivered(state) {
    return until(`${this.name}'s last message is ${state}`, async () => {
      const states = await this.page
        .locator(`${by_id('message')}[data-delivery]`)
        .evaluateAll((lines) => lines.map((line) => line.dataset.delivery));
      return states.pop() === state;
    });
  }

  async transfer_to(name) {
    await this.act('transfer');
    await this.page.locator(by_id('choice'), { hasText: name }).click();
    await this.page.waitForSelector(by_id('transfer-dialog'), { state: 'detached' });
  }

  async close_conversation() {
    await this.act('close');
    await this.page.click(by_id('confirm-close'));
  }
}

/// Somebody who looks at the status page.
export class operator extends person {
  async look_at(node) {
    await this.page.goto(`${node.internal_origin}/`);
    await this.shows('ready', 'Ready');
  }

  shows(id, text) {
    return until(`${this.name} sees ${text}`, async () => (await this.text(id)).includes(text));
  }

  async text(id) {
    const all = await this.page.locator(by_id(id)).allTextContents();
    return all.join(' ');
  }

  /// The width of all that is on the page, beyond the window's.
  overhang() {
    return this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  }
}
