import type { kept_file, kept_post } from './device_store';
import type { pending_change } from './folding';
import type { outbox } from './outbox';
import type { track } from './wire';

/// `waiting`: not sent yet (offline, it has no conversation yet, or its file is on its way);
/// `sending`: sent, not recorded yet; `sent`: recorded; `failed`: refused for good, see `fault`.
export type post_state = 'waiting' | 'sending' | 'sent' | 'failed';

/// A file on its way. `sent` counts the bytes that the node has.
export interface pending_file extends Pick<
  kept_file,
  'name' | 'type' | 'bytes' | 'width' | 'height' | 'is_complete' | 'is_lasting'
> {
  sent: number;
}

export interface pending_post {
  /// Names the post before it has an `n`; stable over reloads.
  key: string;
  n: number;
  text: string;
  track: track;
  at: number;
  state: post_state;
  reply_to?: number;
  file?: pending_file;
  fault?: { code: string; message: string };
}

const changes = (post: kept_post): boolean =>
  post.edits !== undefined || post.deletes !== undefined;

function state_of(post: kept_post, outbox: outbox): Exclude<post_state, 'sent'> {
  if (post.fault) return 'failed';
  return outbox.is_sent(post) ? 'sending' : 'waiting';
}

const of = (outbox: outbox | undefined, conversation: string): kept_post[] =>
  outbox?.posts.filter((post) => post.conversation === conversation) ?? [];

/// New messages of the conversation that are not recorded yet.
export function pending_posts(
  outbox: outbox | undefined,
  conversation: string,
  sent: (key: string) => number,
): pending_post[] {
  const posts = of(outbox, conversation).filter((post) => !changes(post));
  return posts.map((post) => {
    const { key, n, text, track, at, reply_to, fault } = post;
    const state = state_of(post, outbox!);
    const file = post.file && {
      ...post.file,
      sent: post.file.is_complete ? post.file.bytes : sent(key),
    };
    return { key, n, text, track, at, reply_to, fault, state, file };
  });
}

/// Edits and deletions that are not recorded yet.
export function pending_changes(
  outbox: outbox | undefined,
  conversation: string,
): pending_change[] {
  const posts = of(outbox, conversation).filter(changes);
  return posts.map((post) => {
    const { key, text, track, fault, edits, deletes } = post;
    const kind = edits === undefined ? 'delete' : 'edit';
    const target = (edits ?? deletes)!;
    return { key, kind, target, track, text, fault, state: state_of(post, outbox!) };
  });
}

/// A post that was recorded, whose event has not come yet.
export function sent_post(post: kept_post, seq: number): pending_post & { seq: number } {
  const { key, n, text, track, at, reply_to, file } = post;
  const whole = file && { ...file, sent: file.bytes };
  return { key, n, text, track, at, reply_to, file: whole, state: 'sent', seq };
}

/// A recorded change, whose event has not come yet.
export function sent_change(post: kept_post): pending_change | undefined {
  const { key, text, track, edits, deletes } = post;
  const target = edits ?? deletes;
  if (target === undefined) return undefined;
  const kind = edits === undefined ? 'delete' : 'edit';
  return { key, kind, target, track, text, state: 'sent' };
}
