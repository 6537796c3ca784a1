import { expect, test } from 'vitest';
import { desk_fault } from '../../sdk/src';
import type { shown_event } from '../../sdk/src';
import { line_words } from '../src/thread/line_words';
import { en } from '../src/words/en';
import { fault_words, login_words } from '../src/words/fault_words';
import { words_for } from '../src/words/words';
import { zh } from '../src/words/zh';
import { me, mia } from './summaries';

function leaves(part: object, path = ''): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, value] of Object.entries(part)) {
    const here = `${path}.${name}`;
    if (value && typeof value === 'object')
      leaves(value, here).forEach((leaf, key) => found.set(key, leaf));
    else found.set(here, value);
  }
  return found;
}

const english = leaves(en);
const chinese = leaves(zh);
const said = (leaf: unknown) => (typeof leaf === 'function' ? leaf('1', '2') : leaf);

test('both catalogues say the same things', () => {
  expect([...chinese.keys()]).toEqual([...english.keys()]);
});

test('no sentence is empty but that of a desk without load', () => {
  for (const catalogue of [english, chinese]) {
    const empty = [...catalogue].filter(([, leaf]) => said(leaf) === '').map(([key]) => key);
    expect(empty).toEqual(['.banner.tiers.0']);
  }
});

test('no sentence was forgotten in English', () => {
  const same_in_both = new Set(['.title', '.thread.number', '.banner.tiers.0', '.row.vip']);
  const forgotten = [...chinese].filter(([key, leaf]) => {
    return !same_in_both.has(key) && said(leaf) === said(english.get(key));
  });
  expect(forgotten.map(([key]) => key)).toEqual([]);
});

test('the first language of the browser that is known is spoken', () => {
  expect(words_for(['zh-TW', 'en'])).toBe(zh);
  expect(words_for(['de', 'zh-CN'])).toBe(zh);
  expect(words_for(['en-GB', 'zh'])).toBe(en);
  expect(words_for(['de'])).toBe(en);
});

test('a fault is told in words, never as its code', () => {
  const tell = (code: string, retry = false) => fault_words(new desk_fault(code, 'raw', retry), en);

  expect(tell('agent_unavailable')).toBe(en.faults.agent_unavailable);
  expect(tell('storage_full', true)).toBe(en.faults.storage);
  expect(tell('offline', true)).toBe(en.result.notNow);
  expect(tell('something_new', true)).toBe(en.faults.later);
  expect(tell('something_new')).toBe(en.faults.other);
  expect(tell('toString')).toBe(en.faults.other);
  expect(fault_words(new Error('bug'), en)).toBe(en.faults.other);
});

test('a wrong password and an unreachable desk are not the same thing', () => {
  const tell = (code: string) => login_words(new desk_fault(code, '', false), en);

  expect(tell('bad_credentials')).toBe(en.login.wrong);
  expect(tell('unreachable')).toBe(en.login.unreachable);
  expect(tell('rate_limited')).toBe(en.login.tooFast);
});

test('history tells who did what, and to the agent what was done to them', () => {
  const tell = (part: object) => {
    const event = { conversation: 'c', seq: 1, time: 1, author: 'system', ...part } as shown_event;
    return line_words(event, me, () => 'Somebody', en);
  };
  const myself = { person: me, name: 'Clara' };

  expect(tell({ kind: 'assigned', to: mia })).toBe('Assigned to Mia');
  expect(tell({ kind: 'assigned', to: myself })).toBe('Assigned to you');
  expect(tell({ kind: 'transferred', to: mia, by: myself })).toBe('Clara handed it to Mia');
  expect(tell({ kind: 'transferred', to: mia, by: mia })).toBe('Mia took it');
  expect(tell({ kind: 'transferred', to: myself, by: myself })).toBe('You took it');
  expect(tell({ kind: 'returned', reason: 'agent_gone' })).toBe(en.lines.returnedGone);
  expect(tell({ kind: 'closed', by: 'visitor:1' })).toBe('Closed by Somebody');
  expect(tell({ kind: 'rated' })).toBe(en.lines.unknown);
});
