import { expect, test, vi } from 'vitest';
import { desk_fault, type list_view, type listed_frame, type summary } from '../../sdk/src';
import { roll } from '../src/list/roll';
import { listings } from '../src/state/listings';
import { assigned_to_me, me, summary_of } from './summaries';

const counts = { mine: 0, queue: 0, all: 0 };

class listing_desk {
  readonly roll = new roll(() => '');
  readonly asked: string[] = [];
  pages: Partial<Record<list_view, summary[][]>> = {};
  is_down = false;
  fault = new Error('offline');
  readonly waits: { ms: number; what: () => void }[] = [];

  readonly listings = new listings(
    this.roll,
    async (view, after) => {
      this.asked.push(after ? `${view} ${after}` : view);
      if (this.is_down) throw this.fault;
      const at = Number(after ?? 0);
      const pages = this.pages[view] ?? [[]];
      const more = at + 1 < pages.length ? String(at + 1) : undefined;
      return { t: 'listed', id: 0, view, items: pages[at], after: more, counts } as listed_frame;
    },
    () => me,
    () => undefined,
    (ms, what) => void this.waits.push({ ms, what }),
  );

  shown(view: list_view): string[] {
    return this.roll.rows(view, me).map((item) => item.conversation);
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test('mine is fetched to its end, all as far as somebody scrolls', async () => {
  const desk = new listing_desk();
  desk.pages.mine = [[summary_of('a', assigned_to_me)], [summary_of('b', assigned_to_me)]];
  desk.pages.all = [[summary_of('c')], [summary_of('d')]];
  desk.listings.begin_again();
  await settled();

  expect(desk.shown('mine').sort()).toEqual(['a', 'b']);
  expect(desk.asked).not.toContain('all 1');
  expect(desk.listings.has_more('all')).toBe(true);
  desk.listings.more('all');
  desk.listings.more('all');
  await settled();
  expect(desk.asked.filter((one) => one === 'all 1')).toHaveLength(1);
});

test('after a reconnect, what was closed meanwhile goes without a flash', async () => {
  const desk = new listing_desk();
  desk.pages.mine = [[summary_of('a', assigned_to_me), summary_of('b', assigned_to_me)]];
  desk.listings.begin_again();
  await settled();

  desk.pages.mine = [[summary_of('b', assigned_to_me)]];
  desk.listings.begin_again();
  expect(desk.shown('mine')).toHaveLength(2);
  expect(desk.listings.is_loaded('mine')).toBe(true);
  await settled();
  expect(desk.shown('mine')).toEqual(['b']);
});

test('a page that cannot be had changes nothing and can be asked for again', async () => {
  const desk = new listing_desk();
  desk.pages.closed = [[summary_of('a', { status: 'closed' })]];
  desk.is_down = true;
  desk.listings.open('closed');
  await settled();
  expect(desk.listings.is_loaded('closed')).toBe(false);
  expect(desk.listings.is_loading('closed')).toBe(false);

  desk.is_down = false;
  desk.listings.open('closed');
  await settled();
  expect(desk.shown('closed')).toEqual(['a']);
});

test('what was refused under load, and only that, is asked for again at its end', async () => {
  const desk = new listing_desk();
  desk.pages.all = [[summary_of('a')], [summary_of('b')]];
  desk.pages.closed = [[summary_of('c', { status: 'closed' })]];
  desk.listings.begin_again();
  await settled();
  desk.is_down = true;
  desk.listings.more('all');
  desk.listings.open('closed');
  await settled();

  desk.is_down = false;
  desk.asked.length = 0;
  desk.listings.ask_again();
  await settled();
  expect(desk.asked).toEqual(['all 1', 'closed']);
  expect(desk.shown('all').sort()).toEqual(['a', 'b']);
  expect(desk.shown('closed')).toEqual(['c']);
  desk.listings.ask_again();
  await settled();
  expect(desk.asked).toHaveLength(2);
});

test('what was refused with a time is asked for again then', async () => {
  const desk = new listing_desk();
  desk.pages.all = [[summary_of('a')]];
  desk.is_down = true;
  desk.fault = new desk_fault('busy', '', true, 5_000);
  desk.listings.open('all');
  desk.listings.open('closed');
  await settled();
  expect(desk.waits.map((wait) => wait.ms)).toEqual([5_000]);

  desk.waits.pop()!.what();
  await settled();
  expect(desk.waits).toHaveLength(1);
  desk.is_down = false;
  desk.asked.length = 0;
  desk.waits.pop()!.what();
  await settled();
  expect(desk.asked).toEqual(['all', 'closed']);
  expect(desk.shown('all')).toEqual(['a']);
  expect(desk.waits).toHaveLength(0);
});

test('an answer of an earlier connection is not taken for this one’s', async () => {
  const desk = new listing_desk();
  const merge = vi.spyOn(desk.roll, 'merge');
  desk.pages.closed = [[summary_of('a', { status: 'closed' })]];
  desk.listings.open('closed');
  desk.listings.begin_again();
  await settled();

  const told = merge.mock.calls.flatMap(([items]) => items.map((item) => item.conversation));
  expect(told).toEqual([]);
});
