import type { desk_event, message_event, track } from './wire';

/// An own edit or deletion that is not recorded yet. Until then its message shows it, and says so.
export interface pending_change {
  key: string;
  kind: 'edit' | 'delete';
  target: number;
  track: track;
  text: string;
  state: 'waiting' | 'sending' | 'sent' | 'failed';
  fault?: { code: string; message: string };
}

/// A message as it reads now: with its edits, or without its words if it was deleted.
export type shown_message = message_event & {
  /// When its words were last changed.
  edited_at?: number;
  change?: pending_change;
};

export type shown_event =
  shown_message | Exclude<desk_event, { kind: 'message' | 'edited' | 'deleted' }>;

interface change {
  text?: string;
  time?: number;
  is_deleted?: boolean;
  own?: pending_change;
}

/// What became of messages, by `name_of`. Edits are events after their message, so that all edits
/// of what a timeline holds are in it; those of older messages wait here until these are read.
export type changes = ReadonlyMap<string, change>;

export function name_of(track: track | undefined, seq: number): string {
  return `${track ?? 'public'} ${seq}`;
}

export function changes_of(events: readonly desk_event[], own: readonly pending_change[]): changes {
  const all = new Map<string, change>();
  const at = (track: track | undefined, seq: number): change => {
    const name = name_of(track, seq);
    const known = all.get(name) ?? {};
    all.set(name, known);
    return known;
  };
  for (const event of events) {
    if (event.kind === 'deleted') at(event.track, event.target).is_deleted = true;
    if (event.kind !== 'edited' || event.deleted) continue;
    Object.assign(at(event.track, event.target), { text: event.text, time: event.time });
  }
  for (const each of own) at(each.track, each.target).own = each;
  return all;
}

export function message_now(message: message_event, changes: changes): shown_message {
  const change = changes.get(name_of(message.track, message.seq));
  if (message.deleted || change?.is_deleted) {
    const { reply_to: _, file: __, ...rest } = message;
    return { ...rest, text: '', deleted: true };
  }
  if (!change) return message;
  const { text = message.text, time, own } = change;
  const is_saving = own?.kind === 'edit' && own.state !== 'failed';
  return {
    ...message,
    text: is_saving ? own.text : text,
    ...(time === undefined && !is_saving ? {} : { edited_at: time ?? message.time }),
    ...(own ? { change: own } : {}),
  };
}

/// The lines that are shown: edits and deletions are seen in the messages that they change.
export function fold(events: readonly desk_event[], changes: changes): shown_event[] {
  const shown: shown_event[] = [];
  for (const event of events) {
    if (event.kind === 'message') shown.push(message_now(event, changes));
    else if (event.kind !== 'edited' && event.kind !== 'deleted') shown.push(event);
  }
  return shown;
}
