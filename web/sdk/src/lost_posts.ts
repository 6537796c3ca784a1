import type { kept_post } from './device_store';
import { message_now, name_of, type changes } from './folding';
import type { desk_event } from './wire';

/// What a device said in a history that is no more, to be said again where the restored one lacks
/// it: messages in their last words, and the changes of messages that are still there. Where a lost
/// message stood, another one may stand now, so answers lose their quote.
export function lost_posts(
  all: readonly desk_event[],
  by: { person: string; device: string },
  changes: changes,
  make_key: () => string,
): Omit<kept_post, 'conversation'>[] {
  const times = new Map(all.map((event) => [name_of(event.track, event.seq), event.time]));
  return all.flatMap((event): Omit<kept_post, 'conversation'>[] => {
    if (event.author !== by.person || event.device !== by.device) return [];
    const { device, n, time, track = 'public' } = event;
    const was = { device: device!, n: n!, time };
    const named = { key: make_key(), n: 0, track, at: time, was };
    if (event.kind === 'message') {
      const { text, deleted, file } = message_now(event, changes);
      return deleted ? [] : [{ ...named, text, file: file && lost_file(file) }];
    }
    if (event.kind !== 'edited' && event.kind !== 'deleted') return [];
    const { target } = event;
    const target_time = times.get(name_of(track, target));
    if (event.kind === 'deleted') return [{ ...named, text: '', deletes: target, target_time }];
    const is_gone = event.deleted || changes.get(name_of(track, target))?.is_deleted;
    return is_gone ? [] : [{ ...named, text: event.text, edits: target, target_time }];
  });
}

function lost_file({ name, type, bytes, width, height }: NonNullable<kept_post['file']>) {
  return { name, type, bytes, width, height };
}
