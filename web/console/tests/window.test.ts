import { expect, test } from 'vitest';
import { scroll_to_see, window_of } from '../src/list/window';

const height = 64;

test('only what is seen and a margin is drawn of a thousand rows', () => {
  const { first, end } = window_of(100 * height, 10 * height, height, 1_000);

  expect(first).toBeLessThan(100);
  expect(end).toBeGreaterThan(110);
  expect(end - first).toBeLessThan(40);
});

test('a window never leaves its list, even when the list has shrunk under it', () => {
  expect(window_of(0, 640, height, 0)).toEqual({ first: 0, end: 0 });
  expect(window_of(0, 640, height, 3)).toEqual({ first: 0, end: 3 });
  const shrunk = window_of(500 * height, 640, height, 5);
  expect(shrunk.first).toBeLessThanOrEqual(shrunk.end);
  expect(shrunk.end).toBeLessThanOrEqual(5);
});

test('a row in sight does not scroll the list, one beyond it by as little as needed', () => {
  expect(scroll_to_see(3, 0, 640, height)).toBe(0);
  expect(scroll_to_see(10, 0, 640, height)).toBe(height);
  expect(scroll_to_see(2, 5 * height, 640, height)).toBe(2 * height);
});
