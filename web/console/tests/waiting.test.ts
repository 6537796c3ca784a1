import { expect, test } from 'vitest';
import { short_duration, urgency_of, waiting_late_ms, waiting_soon_ms } from '../src/list/waiting';
import { en } from '../src/words/en';

const now = 1_000_000_000;

test('a visitor who has just written is no reason to hurry', () => {
  expect(urgency_of(now - waiting_soon_ms + 1, now)).toBe('calm');
});

test('colour comes exactly at its limit', () => {
  expect(urgency_of(now - waiting_soon_ms, now)).toBe('soon');
  expect(urgency_of(now - waiting_late_ms + 1, now)).toBe('soon');
  expect(urgency_of(now - waiting_late_ms, now)).toBe('late');
});

test('a message from a clock that is ahead is calm', () => {
  expect(urgency_of(now + 5_000, now)).toBe('calm');
  expect(short_duration(-5_000, en.time)).toBe('<1m');
});

test('a duration is told in its largest unit', () => {
  expect(short_duration(59_999, en.time)).toBe('<1m');
  expect(short_duration(60_000, en.time)).toBe('1m');
  expect(short_duration(59 * 60_000, en.time)).toBe('59m');
  expect(short_duration(23 * 3_600_000, en.time)).toBe('23h');
  expect(short_duration(49 * 3_600_000, en.time)).toBe('2d');
});
