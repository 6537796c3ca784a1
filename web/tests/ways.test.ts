import { describe, expect, test } from 'vitest';
import type { plain_way } from '../sdk/src/fetch_line';
import { ways, type way_memory } from '../sdk/src/ways';

const all: plain_way[] = ['stream', 'events', 'poll'];

/// Ways with a clock that the test turns.
function at(clock = { now: 1_000 }) {
  return { clock, chosen: new ways(() => clock.now, all) };
}

/// Those of a network in which no WebSocket passes.
function blocked(): ways {
  const { chosen } = at();
  chosen.failed('socket', 'lost');
  chosen.failed('socket', 'lost');
  return chosen;
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
    const chosen = blocked();
    chosen.failed('stream', 'unreachable');
    chosen.failed('events', 'unreachable');
    expect(chosen.next()).toBe('socket');
  });

  test('is an EventSource once a stream was held back, and a poll once that was, too', () => {
    const chosen = blocked();
    chosen.failed('stream', 'held back');
    expect(chosen.next()).toBe('events');
    chosen.failed('events', 'held back');
    expect(chosen.next()).toBe('poll');
    chosen.failed('poll', 'unreachable');
    expect(chosen.next()).toBe('socket');
    chosen.failed('socket', 'lost');
    chosen.failed('socket', 'lost');
    expect(chosen.next()).toBe('poll');
  });

  test('is an EventSource where streams alone are refused', () => {
    const chosen = blocked();
    chosen.failed('stream', 'status 501');
    expect(chosen.next()).toBe('events');
  });

  test('is a poll where events are refused behind their ticket', () => {
    const chosen = blocked();
    chosen.failed('stream', 'held back');
    chosen.failed('events', 'refused');
    expect(chosen.next()).toBe('poll');
  });

  test('stays a stream where one has passed before', () => {
    const chosen = blocked();
    chosen.spoke('stream');
    chosen.failed('stream', 'unreachable');
    expect(chosen.next()).toBe('socket');
    chosen.failed('socket', 'lost');
    chosen.failed('socket', 'lost');
    expect(chosen.next()).toBe('stream');
    chosen.failed('stream', 'unreachable');
    expect(chosen.next()).toBe('events');
  });

  test('is a poll where there is no EventSource', () => {
    const chosen = new ways(() => 0, ['stream', 'poll'], { way: 'stream' });
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

    const unlucky = at();
    unlucky.chosen.failed('stream', 'unreachable');
    unlucky.chosen.spoke('events');
    expect(unlucky.chosen.probe_in_ms()).toBe(10_000);
  });

  for (const way of all) {
    test(`is known to the next page of the tab, until a WebSocket passes: ${way}`, () => {
      const memory: way_memory = { way: undefined };
      const first = new ways(() => 0, all, memory);
      first.spoke(way);

      const second = new ways(() => 0, all, memory);
      expect(second.next()).toBe(way);
      second.probed(true);
      expect(second.next()).toBe('socket');
      second.spoke('socket');

      expect(new ways(() => 0, all, memory).next()).toBe('socket');
    });
  }

  test('is looked for where the page before had one that is not known here', () => {
    expect(new ways(() => 0, ['stream', 'poll'], { way: 'events' }).next()).toBe('socket');
  });
});
