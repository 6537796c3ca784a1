import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { serve } from '../../tests/fake_server';
import type { fake_server } from '../../tests/fake_server';
import { listen, sign_in, with_browser } from './browser';
import { fill, hex, lengthen } from './busy_desk';

/// `vite-node console/tests/look.ts <directory> [name]`: a picture of every state of the built
/// console, for eyes. Chromium is Debian's, or `$CHROMIUM`.

const [directory = 'pictures', only = ''] = process.argv.slice(2);
const sizes = { s: [768, 1024], m: [1280, 800], l: [1600, 1000] } as const;

interface scene {
  name: string;
  size?: keyof typeof sizes;
  dark?: boolean;
  chinese?: boolean;
  fill?: (server: fake_server) => void;
  signed_out?: boolean;
  act?: (page: Page, server: fake_server) => Promise<unknown>;
}

const first = hex(0xc0de_0001);
const choose = (id: string) => (page: Page) => page.click(`[data-conversation="${id}"]`);
const press = (keys: string) => (page: Page) => page.keyboard.press(keys);

async function in_turn(page: Page, ...steps: ((page: Page) => Promise<unknown>)[]): Promise<void> {
  for (const step of steps) {
    await step(page);
    await page.waitForTimeout(250);
  }
}

const scenes: scene[] = [
  { name: 'login', signed_out: true },
  { name: 'login_dark_zh', signed_out: true, dark: true, chinese: true },
  {
    name: 'login_wrong',
    signed_out: true,
    act: async (page) => {
      await page.fill('[name=email]', 'nobody@example.com');
      await page.fill('[name=password]', 'wrong');
      await page.click('[data-testid=login-submit]');
    },
  },
  { name: 'nothing_selected' },
  { name: 'busy', act: choose(first) },
  { name: 'busy_dark', dark: true, act: choose(first) },
  { name: 'busy_large', size: 'l', act: choose(first) },
  { name: 'busy_large_dark_zh', size: 'l', dark: true, chinese: true, act: choose(first) },
  { name: 'busy_small', size: 's', act: choose(first) },
  { name: 'busy_zh', chinese: true, act: choose(first) },
  { name: 'all', act: (page) => in_turn(page, press('3'), press('j'), press('j')) },
  { name: 'queue', act: (page) => in_turn(page, press('2'), press('j')) },
  { name: 'closed', act: (page) => in_turn(page, press('4'), press('j')) },
  {
    name: 'note',
    act: (page) =>
      in_turn(page, choose(first), press('n'), (p) =>
        p.keyboard.type('She is a regular.\nBe kind.'),
      ),
  },
  { name: 'palette', act: (page) => in_turn(page, choose(first), press('Control+k')) },
  {
    name: 'palette_zh_dark',
    chinese: true,
    dark: true,
    act: (page) => in_turn(page, choose(first), press('Control+k')),
  },
  { name: 'transfer', act: (page) => in_turn(page, choose(first), press('Shift+T')) },
  { name: 'close', act: (page) => in_turn(page, choose(first), press('e')) },
  { name: 'sheet', act: (page) => in_turn(page, choose(first), press('?')) },
  {
    name: 'status',
    act: (page) => in_turn(page, choose(first), (p) => p.click('[data-testid=status]')),
  },
  {
    name: 'capacity_dark',
    dark: true,
    act: (page) => in_turn(page, choose(first), (p) => p.click('[data-testid=capacity]')),
  },
  { name: 'empty', fill: (server) => fill_nothing(server) },
  { name: 'empty_dark_zh', dark: true, chinese: true, fill: (server) => fill_nothing(server) },
  { name: 'loading', fill: (server) => fill_slowly(server) },
  { name: 'thread_loading', act: (page, server) => open_slowly(page, server) },
  { name: 'taken', act: press('q') },
  { name: 'filter_none', act: (page) => in_turn(page, press('/'), (p) => p.keyboard.type('zzz')) },
  { name: 'long_thread', fill: (server) => fill_long(server), act: (page) => scrolled_up(page) },
  {
    name: 'thousand',
    fill: (server) => fill(server.desk, { many: 1_000 }),
    act: (page) => in_turn(page, press('3'), press('j')),
  },
  { name: 'offline', act: (page, server) => go_offline(page, server) },
  {
    name: 'offline_dark_zh',
    dark: true,
    chinese: true,
    act: (page, server) => go_offline(page, server),
  },
  { name: 'overloaded', act: (page, server) => overload(page, server) },
  { name: 'typing_and_failed', act: (page, server) => trouble(page, server) },
  {
    name: 'rtl',
    act: (page) =>
      in_turn(page, choose(first), (p) =>
        p.evaluate(() => void (document.documentElement.dir = 'rtl')),
      ),
  },
  { name: 'long_word', act: choose(hex(0xc0de_0005)) },
  {
    name: 'zoom_200',
    size: 's',
    act: (page) =>
      in_turn(page, choose(first), (p) => p.setViewportSize({ width: 640, height: 400 })),
  },
];

function fill_nothing(server: fake_server): void {
  fill(server.desk);
  server.desk.conversations.clear();
  server.desk.agents.get('agent:00000000000000a1')!.load = 0;
}

function fill_slowly(server: fake_server): void {
  fill(server.desk);
  const lists = new Set(['listed', 'desk', 'roster']);
  server.desk.on_send = (frame) => (lists.has(frame.t) ? 'drop' : 'pass');
}

async function open_slowly(page: Page, server: fake_server): Promise<void> {
  server.desk.on_send = (frame) => (frame.t === 'event' ? 'drop' : 'pass');
  await in_turn(page, press('2'), press('j'));
}

function fill_long(server: fake_server): void {
  fill(server.desk);
  lengthen(server.desk, first, 600);
}

async function scrolled_up(page: Page): Promise<void> {
  await choose(first)(page);
  for (let turn = 0; turn < 8; turn++) {
    await page.waitForTimeout(150);
    await page.mouse.move(600, 400);
    await page.mouse.wheel(0, -1_500);
  }
}

async function go_offline(page: Page, server: fake_server): Promise<void> {
  await choose(first)(page);
  await page.waitForTimeout(300);
  server.desk.on_receive = () => 'cut';
  server.desk.cut();
  await page.waitForTimeout(300);
  await page.keyboard.press('r');
  for (const text of ['Of course, I have told the driver.', 'Is there anything else?']) {
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  }
}

async function overload(page: Page, server: fake_server): Promise<void> {
  await choose(first)(page);
  for (const each of server.desk.connections) each.send({ t: 'mode', tier: 3 });
}

async function trouble(page: Page, server: fake_server): Promise<void> {
  const { visitor } = server.desk.conversations.get(first)!;
  await choose(first)(page);
  await page.waitForTimeout(300);
  await page.keyboard.press('r');
  await page.keyboard.type('All right, it will be left at number 12.');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(300);
  server.desk.refuse = () => ({ code: 'text_not_clean', retry: false });
  await page.keyboard.type('And a text that the desk refuses.');
  await page.keyboard.press('Enter');
  server.desk.broadcast(first, { t: 'typing', conversation: first, person: visitor, on: true });
}

async function take(scene: scene): Promise<void> {
  const server = await serve();
  const [width, height] = sizes[scene.size ?? 'm'];
  const options = {
    viewport: { width, height },
    colorScheme: scene.dark ? ('dark' as const) : ('light' as const),
    locale: scene.chinese ? 'zh-CN' : 'en-GB',
  };
  (scene.fill ?? (() => fill(server.desk, { chinese: scene.chinese })))(server);
  await with_browser(options, async (browser) => {
    const page = browser.pages()[0];
    const errors = listen(page);
    if (scene.signed_out) await page.goto(`${server.origin}/console/`);
    else await sign_in(page, server.origin);
    await page.waitForTimeout(400);
    await scene.act?.(page, server);
    await page.waitForTimeout(600);
    await page.screenshot({ path: join(directory, `${scene.name}.png`) });
    for (const error of errors) console.error(scene.name, error);
  });
  server.close();
}

await mkdir(directory, { recursive: true });
for (const scene of scenes) if (scene.name.includes(only)) await take(scene);
process.exit(0);
