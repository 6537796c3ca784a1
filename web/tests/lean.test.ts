import { expect, test } from 'vitest';

import { plain } from '../sdk/src/lean';
import type { server_frame } from '../sdk/src/wire';

test('a lean frame says what as many events say', () => {
  const said = [
    { author: 'visitor:1', text: 'Hello?' },
    { author: 'visitor:1', ms: 1500, text: '你好' },
  ];

  const events = [...plain({ t: 'lean', conversation: 'c', after: 11, time: 1000, said })];

  const common = { t: 'event', kind: 'message', conversation: 'c', author: 'visitor:1' };
  expect(events).toEqual([
    { ...common, seq: 12, time: 1000, text: 'Hello?' },
    { ...common, seq: 13, time: 2500, text: '你好' },
  ]);
});

test('any other frame says itself', () => {
  const mode: server_frame = { t: 'mode', tier: 3 };

  expect([...plain(mode)]).toEqual([mode]);
});
