import { expect, test } from 'vitest';
import type { agent_line } from '../../sdk/src';
import { agents_in_order } from '../src/dialogs/agents_order';
import { best_matches, match } from '../src/dialogs/match';

const names = [
  'Set status to Away',
  'Take the next',
  'Transfer to another agent',
  '转接给其他客服',
];
const found = (typed: string) => best_matches(names, typed, (name) => name);

test('nothing typed finds everything in its order', () => {
  expect(found('  ')).toEqual(names);
});

test('a start beats a word, a word beats letters within', () => {
  expect(match('Transfer', 'tra')).toBeGreaterThan(match('Re-route transfer', 'tra'));
  expect(match('To transfer', 'tra')).toBeGreaterThan(match('Intransigent', 'tra'));
  expect(match('Intransigent', 'tra')).toBeGreaterThan(match('To rush away', 'tra'));
});

test('words may come in any order, letters in theirs, and other letters find nothing', () => {
  expect(found('away status')).toEqual(['Set status to Away']);
  expect(found('ttn')).toContain('Take the next');
  expect(found('xyz')).toEqual([]);
});

test('ideographs are found anywhere', () => {
  expect(found('客服')).toEqual(['转接给其他客服']);
});

test('agents who can take something now come first, the least busy before the others', () => {
  const agent = (name: string, part: Partial<agent_line>): agent_line => {
    return { person: name, name, status: 'accepting', load: 0, capacity: 4, online: true, ...part };
  };
  const agents = [
    agent('gone', { online: false }),
    agent('away', { status: 'away' }),
    agent('busy', { status: 'busy' }),
    agent('full', { load: 4 }),
    agent('half', { load: 2 }),
    agent('free', { load: 1 }),
    agent('me', {}),
  ];

  const order = agents_in_order(agents, 'me').map((each) => each.name);
  expect(order).toEqual(['free', 'half', 'full', 'busy', 'away', 'gone']);
});
