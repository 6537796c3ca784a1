import type { shown_message, track } from '../../../sdk/src';
import type { message_acts } from '../../../parts/message_tools';
import type { console_desk } from './desk';

export type writing_kind = 'reply' | 'edit';

const moderators = new Set(['supervisor', 'admin', 'owner']);

export const track_of = (mode: 'reply' | 'note'): track =>
  mode === 'note' ? 'internal' : 'public';

/// What the field of the selected conversation is for, if not for something new: a message that is
/// answered, or one that is changed.
export class writing {
  private begun?: { kind: writing_kind; message: shown_message };

  constructor(private readonly desk: console_desk) {}

  /// As it reads now; it may have been deleted since.
  get now(): { kind: writing_kind; message: shown_message } | undefined {
    const { begun, desk } = this;
    if (!begun || begun.message.conversation !== desk.selected) return undefined;
    const { seq, track } = begun.message;
    const message = desk.thread(desk.selected)?.message(seq, track);
    const is_here = (track ?? 'public') === track_of(desk.mode);
    return message && !message.deleted && is_here ? { ...begun, message } : undefined;
  }

  begin(kind: writing_kind, message: shown_message): void {
    this.begun = { kind, message };
    this.desk.set_mode(message.track === 'internal' ? 'note' : 'reply');
  }

  stop(): void {
    this.begun = undefined;
    this.desk.move_focus('composer');
  }

  forget(): void {
    this.begun = undefined;
  }

  /// What this agent may do with a message.
  acts_of(message: shown_message): message_acts {
    const { desk } = this;
    const item = desk.summary(message.conversation);
    if (!item || message.deleted || message.change) return {};
    const is_own = message.author === desk.me;
    const is_note = message.track === 'internal';
    const may_write = item.status !== 'closed' && (is_note || desk.is_mine(item));
    const may_remove = is_own || moderators.has(desk.client.role ?? '');
    return {
      on_reply: may_write ? () => this.begin('reply', message) : undefined,
      on_edit: may_write && is_own && message.text ? () => this.begin('edit', message) : undefined,
      on_remove: may_remove
        ? () => void desk.attempt(desk.client.thread(item.conversation).remove(message))
        : undefined,
    };
  }

  /// The last own message of the track that is written in.
  edit_last(): void {
    const { desk } = this;
    const thread = desk.selected && desk.thread(desk.selected);
    if (!thread) return;
    for (const event of [...thread.events].reverse()) {
      if (event.kind !== 'message' || event.author !== desk.me) continue;
      if ((event.track ?? 'public') !== track_of(desk.mode) || event.deleted) continue;
      return this.acts_of(event).on_edit?.();
    }
  }

  /// What is in the field and in its tray. What this browser cannot keep comes back into the field,
  /// where somebody can still save it.
  async send(text: string, files: File[]): Promise<void> {
    const { desk, now } = this;
    const { selected } = desk;
    if (!selected) return;
    this.begun = undefined;
    desk.unread_line = undefined;
    const thread = desk.client.thread(selected);
    if (now?.kind === 'edit') {
      desk.changed_now();
      if (text !== now.message.text) await desk.attempt(thread.edit(now.message, text));
      return;
    }
    const track = track_of(desk.mode);
    const options = { track, reply_to: now?.message.seq };
    desk.drafts.set(selected, track, '');
    desk.changed_now();
    if (files.length > 0) {
      for (const [index, blob] of files.entries()) {
        const is_first = index === 0;
        const more = is_first ? options : { track };
        if (!(await desk.attempt(thread.post_file({ blob }, is_first ? text : '', more)))) return;
      }
    } else if (!(await desk.attempt(thread.post(text, options)))) {
      desk.drafts.set(selected, track, text);
      desk.posts_given_back++;
      desk.changed_now();
    }
  }
}
