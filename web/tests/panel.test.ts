import { describe, expect, test } from 'vitest';
import type { pending_post, shown_event } from '../sdk/src';
import { accent_colours, contrast, parse } from '../style/accent';
import { day_name } from '../style/time';
import { settings_from_hash, settings_to_hash } from '../widget/src/bridge';
import { choose_language } from '../widget/src/language';
import { make_rows, type message_row } from '../widget/src/panel/rows';
import { catalogues } from '../widget/src/panel/words';

const me = 'visitor:00000000000000a1';
const mei = 'agent:00000000000000b1';
const noon = new Date(2026, 4, 5, 12).getTime();
const minute = 60_000;

function message(seq: number, author: string, time: number): shown_event {
  return { conversation: 'c', seq, author, time, kind: 'message', text: `${seq}` };
}

function rows(events: shown_event[], pending: pending_post[] = [], unread_after = Infinity) {
  const message_state = () => 'read' as const;
  return make_rows({ events, pending, message_state }, me, catalogues.en, unread_after);
}

function messages(of: ReturnType<typeof rows>): message_row[] {
  return of.filter((row): row is message_row => row.kind === 'message');
}

describe('rows', () => {
  test('group messages of one author within two minutes', () => {
    const shown = messages(
      rows([
        message(1, mei, noon),
        message(2, mei, noon + minute),
        message(3, mei, noon + 4 * minute),
        message(4, me, noon + 4 * minute),
      ]),
    );
    expect(shown.map((row) => row.is_first)).toEqual([true, false, true, true]);
    expect(shown.map((row) => row.is_last)).toEqual([false, true, true, true]);
  });

  test('begin a day with a line', () => {
    const next_day = noon + 24 * 60 * minute;
    const kinds = rows([message(1, mei, noon), message(2, mei, next_day)]).map((row) => row.kind);
    expect(kinds).toEqual(['day', 'message', 'day', 'message']);
  });

  test('put the unread line before the first new message of somebody else', () => {
    const events = [message(1, mei, noon), message(2, me, noon), message(3, mei, noon)];
    const kinds = rows(events, [], 1).map((row) => row.kind);
    expect(kinds).toEqual(['day', 'message', 'message', 'unread', 'message']);
  });

  test('tell the state of the last own message that did not fail', () => {
    const post = { key: 'k', n: 2, text: 'x', track: 'public', at: noon } as const;
    const fault = { code: 'text_too_long', message: '' };
    const failed: pending_post = { ...post, state: 'failed', fault };
    const with_failed = messages(rows([message(1, me, noon)], [failed]));
    expect(with_failed.map((row) => row.is_state_shown)).toEqual([true, undefined]);
    expect(with_failed[0].state).toBe('read');

    const sending = messages(rows([message(1, me, noon)], [{ ...post, state: 'sending' }]));
    expect(sending.map((row) => row.state)).toEqual([undefined, 'sending']);
  });
});

describe('the accent', () => {
  test.each(['#2f5bea', '#f5b301', '#1a1a1a', '#ffffff', '#0a0', '#808080', 'nonsense'])(
    '%s can be read in both schemes',
    (accent) => {
      for (const dark of [false, true]) {
        const colours = accent_colours(accent, dark);
        const ground = parse(dark ? '#17191e' : '#ffffff')!;
        const on = contrast(parse(colours.on_accent)!, parse(colours.accent)!);
        expect(on).toBeGreaterThanOrEqual(4.49);
        expect(contrast(parse(colours.accent_text)!, ground)).toBeGreaterThanOrEqual(4.49);
        expect(contrast(parse(colours.accent)!, ground)).toBeGreaterThanOrEqual(1.49);
      }
    },
  );
});

describe('rows that were changed', () => {
  const said = (seq: number, author: string, more: object) =>
    ({ ...message(seq, author, noon), ...more }) as shown_event;

  test('a deleted message has no words, and the state goes to the last that has some', () => {
    const all = messages(rows([said(1, me, {}), said(2, me, { text: '', deleted: true })]));

    expect(all.map((row) => row.text)).toEqual(['1', '']);
    expect(all.map((row) => !!row.is_state_shown)).toEqual([true, false]);
  });

  test('a file on its way is named by its post, until it is recorded', () => {
    const file = { name: 'a.png', type: 'image/png', bytes: 10, sent: 5 };
    const post: pending_post = {
      key: 'k',
      n: 0,
      text: 'look',
      track: 'public',
      at: noon,
      state: 'waiting',
      reply_to: 1,
      file,
    };
    const [, row] = messages(rows([said(1, mei, {})], [post]));

    expect(row).toMatchObject({ upload: { post: 'k', file }, reply_to: 1, state: 'waiting' });
    expect(row.message).toBeUndefined();
  });
});

describe('words', () => {
  test('none is empty, and both languages differ', () => {
    for (const [key, word] of Object.entries(catalogues.zh)) {
      expect(word, key).toBeTruthy();
      if (typeof word === 'string') {
        expect(word, key).not.toBe(catalogues.en[key as keyof typeof catalogues.en]);
      }
    }
  });

  test('the language is the host wish, then the browser list, then English', () => {
    expect(choose_language('zh', ['en'])).toBe('zh');
    expect(choose_language('', ['fr-FR', 'zh-TW', 'en'])).toBe('zh');
    expect(choose_language('', ['fr'])).toBe('en');
  });

  test('days have names', () => {
    expect(day_name(noon, noon, 'en-GB')).toBe('Today');
    expect(day_name(noon - 24 * 60 * minute, noon, 'zh-CN')).toBe('昨天');
    expect(day_name(noon - 240 * 60 * minute, noon, 'en-GB')).toContain('April');
  });
});

test('settings survive the way into the frame', () => {
  const settings = { key: 'a&b=c', locale: 'zh-CN', accent: '#f5b301' };
  expect(settings_from_hash(`#${settings_to_hash(settings)}`)).toEqual(settings);
});
