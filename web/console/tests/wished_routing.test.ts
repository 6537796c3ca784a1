import { expect, test } from 'vitest';
import { wished_routing } from '../src/state/wished_routing';

function tab(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

const away = { status: 'away', capacity: 6, load: 0 } as const;

test('who signs in accepts, and a reload knows it', () => {
  const storage = tab();
  new wished_routing(storage).begin();
  expect(new wished_routing(storage).to_assert(away)).toEqual({ status: 'accepting' });
});

test('a desk that agrees is told nothing', () => {
  const wished = new wished_routing(tab());
  wished.keep({ status: 'away' });
  expect(wished.to_assert(away)).toBeUndefined();
  wished.keep({ status: 'away', capacity: 9 });
  expect(wished.to_assert(away)).toEqual({ status: 'away', capacity: 9 });
});

test('nothing was chosen, nothing is said', () => {
  const wished = new wished_routing(tab());
  expect(wished.to_assert(away)).toBeUndefined();
  wished.begin();
  wished.forget();
  expect(wished.to_assert(away)).toBeUndefined();
});
