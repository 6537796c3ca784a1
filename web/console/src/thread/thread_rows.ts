import type {
  desk_file,
  message_state,
  pending_file,
  pending_post,
  shown_event,
  shown_message,
} from '../../../sdk/src';
import { is_same_day, is_same_group } from '../../../style/groups';

/// Rows are rendered in blocks by seq, so that fetching older ones moves no row to another block.
export const block_seqs = 40;

export type delivery = 'sending' | 'waiting' | 'failed' | message_state;

export interface message_row {
  kind: 'message';
  key: string;
  author: string;
  text: string;
  time: number;
  own: boolean;
  side: 'visitor' | 'desk';
  internal: boolean;
  /// The first and the last of what its author said in one go.
  begins: boolean;
  ends: boolean;
  delivery?: delivery;
  /// Names a post that is not recorded yet.
  post?: string;
  fault?: string;
  /// The recorded message, as it reads now.
  message?: shown_message;
  /// The seq of the message of its track that it answers.
  reply_to?: number;
  file?: desk_file;
  /// Its file is still on its way.
  upload?: pending_file;
}

export type row =
  | { kind: 'day'; key: string; time: number }
  | { kind: 'unread'; key: string; away: boolean }
  | { kind: 'line'; key: string; event: shown_event }
  | message_row;

export interface thread_block {
  key: string;
  rows: row[];
}

export interface thread_shown {
  /// Both tracks in the order in which they are shown.
  events: readonly shown_event[];
  pending: readonly pending_post[];
  me: string;
  state_of: (event: shown_message) => message_state;
  /// The line "new" stands before the first message of somebody else beyond this public seq.
  unread?: { after: number; away: boolean };
}

function recorded_row(event: shown_message, me: string): message_row {
  const internal = event.track === 'internal';
  return {
    kind: 'message',
    key: `${internal ? 'i' : 'p'}${event.seq}`,
    author: event.author,
    text: event.text,
    time: event.time,
    own: event.author === me,
    side: event.author.startsWith('visitor:') ? 'visitor' : 'desk',
    internal,
    begins: true,
    ends: true,
    message: event,
    reply_to: event.reply_to,
    file: event.file,
  };
}

function pending_row(post: pending_post, me: string): message_row {
  return {
    kind: 'message',
    key: post.key,
    author: me,
    text: post.text,
    time: post.at,
    own: true,
    side: 'desk',
    internal: post.track === 'internal',
    begins: true,
    ends: true,
    delivery: post.state,
    post: post.key,
    fault: post.fault?.code,
    reply_to: post.reply_to,
    upload: post.file,
  };
}

const line_of = (row: message_row) => ({
  kind: 'message' as const,
  author: row.author,
  time: row.time,
  track: row.internal ? ('internal' as const) : ('public' as const),
});

class block_list {
  readonly blocks: thread_block[] = [];
  private last?: row;
  private time?: number;

  add(row: row, key: string): void {
    const block = this.blocks[this.blocks.length - 1];
    if (block?.key === key) block.rows.push(row);
    else this.blocks.push({ key, rows: [row] });
    const joins =
      row.kind === 'message' &&
      this.last?.kind === 'message' &&
      is_same_group(line_of(this.last), line_of(row));
    if (joins) (this.last as message_row).ends = row.begins = false;
    this.last = row;
  }

  add_day(time: number, key: string): void {
    if (this.time === undefined || !is_same_day(this.time, time)) {
      this.add({ kind: 'day', key: `d${new Date(time).toDateString()}`, time }, key);
    }
    this.time = time;
  }
}

/// What the thread shows, from what is known, as blocks of rows.
export function thread_blocks(shown: thread_shown): thread_block[] {
  const list = new block_list();
  let { unread } = shown;
  let seq = shown.events.find((event) => event.track !== 'internal')?.seq ?? 0;
  let last_own: { row: message_row; event: shown_message } | undefined;

  for (const event of shown.events) {
    const is_public = event.track !== 'internal';
    if (is_public) seq = event.seq;
    const key = `b${Math.floor(seq / block_seqs)}`;
    list.add_day(event.time, key);
    const is_foreign = event.kind === 'message' && event.author !== shown.me;
    if (unread && is_foreign && is_public && seq > unread.after) {
      list.add({ kind: 'unread', key: 'unread', away: unread.away }, key);
      unread = undefined;
    }
    if (event.kind === 'message') {
      const row = recorded_row(event, shown.me);
      list.add(row, key);
      if (is_public && row.own && !event.deleted) last_own = { row, event };
    } else {
      list.add({ kind: 'line', key: `p${event.seq}`, event }, key);
    }
  }
  // Only the last own message tells how far it got: a mark under each would be noise.
  if (last_own) last_own.row.delivery = shown.state_of(last_own.event);
  for (const post of shown.pending) {
    list.add_day(post.at, 'pending');
    list.add(pending_row(post, shown.me), 'pending');
  }
  return list.blocks;
}
