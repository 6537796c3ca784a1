import { expect, test } from 'vitest';
import type { shown_event, pending_post } from '../../sdk/src';
import { block_seqs, thread_blocks } from '../src/thread/thread_rows';
import type { message_row, row, thread_shown } from '../src/thread/thread_rows';
import { me } from './summaries';

const visitor = 'visitor:1';
const noon = new Date(2026, 4, 5, 12).getTime();

function said(seq: number, author: string, time: number, track?: 'internal'): shown_event {
  return { kind: 'message', conversation: 'c', seq, author, time, text: `text ${seq}`, track };
}

function rows_of(part: Partial<thread_shown>): row[] {
  const shown = { events: [], pending: [], me, state_of: () => 'sent' as const, ...part };
  return thread_blocks(shown).flatMap((block) => block.rows);
}

const kinds = (rows: row[]) => rows.map((row) => row.kind);
const messages = (rows: row[]) => rows.filter((row): row is message_row => row.kind === 'message');

test('messages of one author within two minutes are one group', () => {
  const rows = messages(
    rows_of({
      events: [
        said(1, visitor, noon),
        said(2, visitor, noon + 60_000),
        said(3, visitor, noon + 300_000),
        said(4, me, noon + 301_000),
      ],
    }),
  );

  expect(rows.map(({ begins, ends }) => [begins, ends])).toEqual([
    [true, false],
    [false, true],
    [true, true],
    [true, true],
  ]);
});

test('a line of history ends a group', () => {
  const events: shown_event[] = [
    said(1, visitor, noon),
    { kind: 'queued', conversation: 'c', seq: 2, author: 'system', time: noon },
    said(3, visitor, noon + 1_000),
  ];
  const rows = rows_of({ events });

  expect(kinds(rows)).toEqual(['day', 'message', 'line', 'message']);
  expect(messages(rows).every((row) => row.begins && row.ends)).toBe(true);
});

test('a note never joins a message', () => {
  const rows = messages(
    rows_of({ events: [said(1, me, noon), said(1, me, noon + 1_000, 'internal')] }),
  );

  expect(rows.map((row) => [row.internal, row.begins])).toEqual([
    [false, true],
    [true, true],
  ]);
  expect(new Set(rows.map((row) => row.key)).size).toBe(2);
});

test('each day begins with its line, and no group reaches over midnight', () => {
  const midnight = new Date(2026, 4, 6).getTime();
  const rows = rows_of({
    events: [said(1, visitor, midnight - 1_000), said(2, visitor, midnight + 1_000)],
  });

  expect(kinds(rows)).toEqual(['day', 'message', 'day', 'message']);
  expect(messages(rows)[1].begins).toBe(true);
});

test('the new line stands once, before the first message of another beyond it', () => {
  const rows = rows_of({
    events: [
      said(1, visitor, noon),
      said(2, me, noon + 1_000),
      said(3, visitor, noon + 2_000),
      said(4, visitor, noon + 3_000),
    ],
    unread: { after: 1, away: true },
  });

  expect(kinds(rows)).toEqual(['day', 'message', 'message', 'unread', 'message', 'message']);
  expect(rows[3]).toMatchObject({ away: true });
});

test('only the last own public message tells how far it got', () => {
  const rows = messages(
    rows_of({
      events: [said(1, me, noon), said(2, me, noon + 1), said(1, me, noon + 2, 'internal')],
      state_of: (event) => (event.seq === 2 ? 'read' : 'sent'),
    }),
  );

  expect(rows.map((row) => row.delivery)).toEqual([undefined, 'read', undefined]);
});

test('the state stands under the last own message that was not deleted', () => {
  const gone = { ...said(2, me, noon), text: '', deleted: true } as shown_event;
  const rows = messages(rows_of({ events: [said(1, me, noon), gone] }));

  expect(rows.map((row) => row.delivery)).toEqual(['sent', undefined]);
});

test('unsent posts stand last, each with its state and fault', () => {
  const post: pending_post = {
    key: 'k1',
    n: 2,
    text: 'a',
    track: 'public',
    at: noon,
    state: 'waiting',
  };
  const failed = {
    ...post,
    key: 'k2',
    state: 'failed' as const,
    fault: { code: 'text_too_long', message: '' },
  };
  const rows = messages(rows_of({ events: [said(1, visitor, noon)], pending: [post, failed] }));

  expect(rows.map((row) => [row.delivery, row.post, row.fault])).toEqual([
    [undefined, undefined, undefined],
    ['waiting', 'k1', undefined],
    ['failed', 'k2', 'text_too_long'],
  ]);
});

test('older events leave every row in the block where it was', () => {
  const all = Array.from({ length: 200 }, (_, index) => said(index + 1, visitor, noon + index));
  const shown = { pending: [], me, state_of: () => 'sent' as const };
  const where = (events: shown_event[]) => {
    const places = new Map<string, string>();
    for (const block of thread_blocks({ ...shown, events })) {
      for (const row of block.rows) if (row.kind === 'message') places.set(row.key, block.key);
    }
    return places;
  };
  const late = where(all.slice(100));
  const early = where(all);

  for (const [key, block] of late) expect(early.get(key)).toBe(block);
  expect(new Set(early.values()).size).toBe(Math.floor(200 / block_seqs) + 1);
});
