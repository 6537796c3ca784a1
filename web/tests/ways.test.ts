import { describe, expect, test } from 'vitest';
import { ways, type way_memory } from '../sdk/src/ways';

/// Ways with a clock that the test turns.
function at(clock = { now: 1_000 }) {
  return { clock, chosen: new ways(() => clock.now) };
}

describe('the way to the node', () => {
  test('is a WebSocket until two in a row never spoke', () => {
    const { chosen } = at();
    expect(chosen.next()).toBe('socket');
    chosen.failed('socket', 'lost');
    chosen.spoke('socket');
    chosen.failed('socket', 'lost');
    expect(chosen.next()).toBe('socket');
    chosen.failed('socket', 'lost');
    expect(chosen.next()).toBe('stream');
  });

  test('is a WebSocket again when plain requests do not pass either', () => {
    const { chosen } = at();
    chosen.failed('socket', 'lost');
    chosen.failed('socket', 'lost');
    chosen.failed('stream', 'unreachable');
    expect(chosen.next()).toBe('socket');
  });

  test('is a poll once a stream was held back', () => {
    const { chosen } = at();
    chosen.failed('socket', 'lost');
    chosen.failed('socket', 'lost');
    chosen.failed('stream', 'held back');
    expect(chosen.next()).toBe('poll');
  });

  test('is probed after minutes, and sooner where a WebSocket has passed before', () => {
    const stranger = at();
    stranger.chosen.spoke('stream');
    expect(stranger.chosen.probe_in_ms()).toBe(300_000);
    stranger.clock.now += 300_000;
    expect(stranger.chosen.probe_in_ms()).toBe(0);
    stranger.chosen.probed(false);
    expect(stranger.chosen.probe_in_ms()).toBe(300_000);

    const regular = at();
    regular.chosen.spoke('socket');
    regular.chosen.spoke('stream');
    expect(regular.chosen.probe_in_ms()).toBe(10_000);
  });

  test('is known to the next page of the tab, until a WebSocket passes', () => {
    const memory: way_memory = { way: undefined };
    const first = new ways(() => 0, memory);
    first.failed('socket', 'lost');
    first.failed('socket', 'lost');
    first.failed('stream', 'held back');
    first.spoke('poll');

    const second = new ways(() => 0, memory);
    expect(second.next()).toBe('poll');
    second.probed(true);
    expect(second.next()).toBe('socket');
    second.spoke('socket');

    expect(new ways(() => 0, memory).next()).toBe('socket');
  });
});
