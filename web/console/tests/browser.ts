import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/// Debian's Chromium, or `$CHROMIUM`, with a profile of its own for as long as `use` takes.
export async function with_browser(
  options: BrowserContextOptions,
  use: (browser: BrowserContext) => Promise<void>,
): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'console-'));
  const off = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'];
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--no-first-run', ...off.map((name) => `--disable-${name}`)],
    ...options,
  });
  try {
    await use(browser);
  } finally {
    await browser.close();
    await rm(profile, { recursive: true, force: true });
  }
}

export async function sign_in(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/console/`);
  await page.fill('[name=email]', 'clara@example.com');
  await page.fill('[name=password]', 'password');
  await page.click('[data-testid=login-submit]');
  await page.waitForSelector('[data-testid=connection][data-state=online]');
}

/// What went wrong within the page so far.
export function listen(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().includes('401')) errors.push(line.text());
  });
  return errors;
}
