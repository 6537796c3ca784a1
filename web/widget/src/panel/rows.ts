import type {
  desk_event,
  desk_file,
  pending_file,
  pending_post,
  shown_event,
  shown_message,
  thread,
} from '../../../sdk/src';
import { is_same_day, is_same_group } from '../../../style/groups';
import type { words } from './words';

/// What the thread shows, line by line.
export type row =
  | { kind: 'day'; key: string; time: number }
  | { kind: 'unread'; key: string }
  | { kind: 'system'; key: string; text: string }
  | message_row;

export interface message_row {
  kind: 'message';
  key: string;
  is_own: boolean;
  author: string;
  text: string;
  time: number;
  is_first: boolean;
  is_last: boolean;
  /// How far an own message got.
  state?: 'waiting' | 'sending' | 'sent' | 'delivered' | 'read';
  is_state_shown?: boolean;
  failed?: { post: string; code: string };
  /// The recorded message, as it reads now.
  message?: shown_message;
  /// The seq of the message that it answers.
  reply_to?: number;
  file?: desk_file;
  /// Its file is still on its way, under this post.
  upload?: { post: string; file: pending_file };
}

/// `unread_after` is the public seq behind which the unread line stands.
export function make_rows(
  thread: Pick<thread, 'events' | 'pending' | 'message_state'>,
  person: string,
  words: words,
  unread_after: number,
): row[] {
  const rows: row[] = [];
  let above: { author: string; kind: desk_event['kind']; time: number } | undefined;
  let is_unread_shown = false;

  const add = (event: { author: string; kind: desk_event['kind']; time: number }, row: row) => {
    if (!above || !is_same_day(above.time, event.time)) {
      rows.push({ kind: 'day', key: `day ${event.time}`, time: event.time });
      above = undefined;
    }
    const previous = rows[rows.length - 1];
    if (row.kind === 'message') {
      row.is_first = previous?.kind !== 'message' || !is_same_group(above, event);
      if (!row.is_first) (previous as message_row).is_last = false;
    }
    rows.push(row);
    above = event;
  };

  for (const event of thread.events) {
    const is_own = event.author === person;
    if (!is_own && event.kind === 'message' && event.seq > unread_after && !is_unread_shown) {
      is_unread_shown = true;
      if (rows.length > 0) rows.push({ kind: 'unread', key: 'unread' });
    }
    if (event.kind === 'message') {
      const { author, text, time, reply_to, file } = event;
      const key = is_own && event.n ? `${event.device} ${event.n}` : `${event.seq}`;
      add(event, {
        kind: 'message',
        key,
        is_own,
        author,
        text,
        time,
        is_first: true,
        is_last: true,
        message: event,
        reply_to,
        file,
      });
    } else {
      const text = system_text(event, words);
      if (text) add(event, { kind: 'system', key: `${event.seq}`, text });
    }
  }
  for (const post of thread.pending) {
    const line = { author: person, kind: 'message' as const, time: post.at };
    add(line, pending_row(post, person));
  }
  show_state(rows, thread);
  return rows;
}

function pending_row(post: pending_post, person: string): message_row {
  const { key, text, at: time, state, fault, reply_to, file } = post;
  return {
    kind: 'message',
    key,
    is_own: true,
    author: person,
    text,
    time,
    is_first: true,
    is_last: true,
    reply_to,
    ...(file ? { upload: { post: key, file } } : {}),
    ...(fault ? { failed: { post: key, code: fault.code } } : {}),
    ...(state === 'failed' ? {} : { state }),
  };
}

// Only the last own message that did not fail says how far it got.
function show_state(rows: row[], thread: Pick<thread, 'message_state'>): void {
  for (let i = rows.length - 1; i >= 0; --i) {
    const row = rows[i];
    if (row.kind !== 'message' || !row.is_own || row.failed || row.message?.deleted) continue;
    row.state ??= row.message && thread.message_state(row.message);
    row.is_state_shown = true;
    return;
  }
}

function system_text(event: shown_event, words: words): string | undefined {
  switch (event.kind) {
    case 'assigned':
      return words.joined(event.to.name || words.colleague);
    case 'transferred':
      return words.took_over(event.to.name || words.colleague);
    case 'returned':
      return words.returned;
    case 'closed':
      return words.closed;
    case 'reopened':
      return words.reopened;
    default:
      return undefined;
  }
}
