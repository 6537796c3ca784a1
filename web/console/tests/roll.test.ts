import { beforeEach, expect, test } from 'vitest';
import type { list_view } from '../../sdk/src';
import { roll } from '../src/list/roll';
import { assigned_to_me, last_said, me, mia, summary_of } from './summaries';

let desk: roll;
beforeEach(() => {
  desk = new roll((item) => `Visitor ${item.number}`);
});

const order = (view: list_view, filter = '') =>
  desk.rows(view, me, filter).map((item) => item.conversation);

test('a conversation stands in the lists that its status and agent say', () => {
  desk.merge([
    summary_of('queued'),
    summary_of('mine', assigned_to_me),
    summary_of('hers', { status: 'assigned', assignee: mia }),
    summary_of('over', { ...assigned_to_me, status: 'closed' }),
  ]);

  expect(order('queue')).toEqual(['queued']);
  expect(order('mine')).toEqual(['mine']);
  expect(order('all').sort()).toEqual(['hers', 'mine', 'queued']);
  expect(order('closed')).toEqual(['over']);
});

test('who is taken from the queue is in no moment in two lists', () => {
  desk.merge([summary_of('a')]);
  desk.merge([summary_of('a', { ...assigned_to_me, head: 4 })]);

  expect(order('queue')).toEqual([]);
  expect(order('mine')).toEqual(['a']);
});

test('the queue is in the order of places, and of time where there is none', () => {
  desk.merge([
    summary_of('second', { place: 2, since: 10 }),
    summary_of('returned', { place: 1, since: 99 }),
  ]);
  expect(order('queue')).toEqual(['returned', 'second']);

  desk = new roll(() => '');
  desk.merge([summary_of('later', { since: 20 }), summary_of('earlier', { since: 10 })]);
  expect(order('queue')).toEqual(['earlier', 'later']);
});

test('of mine, the longest waiting come first, then what was said last', () => {
  desk.merge([
    summary_of('answered_early', { ...assigned_to_me, ...last_said(100) }),
    summary_of('waits', { ...assigned_to_me, ...last_said(50), waiting_since: 50 }),
    summary_of('answered_late', { ...assigned_to_me, ...last_said(200) }),
    summary_of('waits_longest', { ...assigned_to_me, ...last_said(40), waiting_since: 40 }),
  ]);

  expect(order('mine')).toEqual(['waits_longest', 'waits', 'answered_late', 'answered_early']);
});

test('all is ordered by what was said last, closed by when it was closed', () => {
  desk.merge([
    summary_of('old', last_said(10)),
    summary_of('young', last_said(20)),
    summary_of('closed_first', { status: 'closed', since: 30 }),
    summary_of('closed_last', { status: 'closed', since: 40 }),
  ]);

  expect(order('all')).toEqual(['young', 'old']);
  expect(order('closed')).toEqual(['closed_last', 'closed_first']);
});

test('a listed page does not undo a newer frame that overtook it', () => {
  desk.merge([summary_of('a', { ...assigned_to_me, head: 9 })]);
  desk.merge([summary_of('a', { head: 8 })]);

  expect(order('mine')).toEqual(['a']);
});

test('what the desk removes is closed, and moves to that list', () => {
  desk.merge([summary_of('a', { ...assigned_to_me, waiting_since: 5 })]);
  desk.close(['a', 'unknown'], 77);

  expect(order('all')).toEqual([]);
  expect(order('closed')).toEqual(['a']);
  expect(desk.get('a')).toMatchObject({ status: 'closed', since: 77, waiting_since: undefined });
});

test('after a reconnect, what a finished listing has not named is gone from that list', () => {
  desk.merge([summary_of('stays', assigned_to_me), summary_of('taken', assigned_to_me)]);
  desk.merge([summary_of('queued')]);

  desk.begin_again();
  desk.merge([summary_of('stays', assigned_to_me)]);
  desk.settle('mine', me);

  expect(order('mine')).toEqual(['stays']);
  expect(order('queue')).toEqual(['queued']);
});

test('the filter looks at name, number and last line, whatever the case', () => {
  desk.merge([
    summary_of('a', { visitor: { person: 'v', name: 'Zoë Äppel' }, number: 41 }),
    summary_of('b', { last: { author: 'v', text: '请问 Parcel', time: 1 }, number: 42 }),
  ]);

  expect(order('all', 'zoë ä')).toEqual(['a']);
  expect(order('all', '#42')).toEqual(['b']);
  expect(order('all', ' parcel ')).toEqual(['b']);
  expect(order('all', '请问')).toEqual(['b']);
  expect(order('all', 'nothing')).toEqual([]);
});

test('a list that has not changed is the same array', () => {
  desk.merge([summary_of('a')]);
  const rows = desk.rows('all', me);
  expect(desk.rows('all', me)).toBe(rows);

  desk.merge([summary_of('b')]);
  expect(desk.rows('all', me)).not.toBe(rows);
});

test('a visitor without a name is called by the number', () => {
  desk.merge([summary_of('a', { visitor: { person: 'v', name: ' ' }, number: 7 })]);

  expect(desk.get('a')!.visitor.name).toBe('Visitor 7');
});

test('other conversations of a visitor come newest first, without the present one', () => {
  const visitor = { person: 'visitor:1', name: 'A' };
  desk.merge([
    summary_of('now', { visitor, opened_at: 3 }),
    summary_of('first', { visitor, opened_at: 1, status: 'closed' }),
    summary_of('second', { visitor, opened_at: 2, status: 'closed' }),
    summary_of('foreign'),
  ]);

  const others = desk.of_visitor(desk.get('now')!).map((item) => item.conversation);
  expect(others).toEqual(['second', 'first']);
});
