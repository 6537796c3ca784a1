import { useState } from 'preact/hooks';
import { PartIcon } from './icons';
import type { part_words } from './words';

/// What somebody may do with a message; what is absent is not theirs to do.
export interface message_acts {
  on_reply?: () => void;
  on_edit?: () => void;
  on_remove?: () => void;
}

export const has_acts = (acts: message_acts): boolean =>
  !!(acts.on_reply || acts.on_edit || acts.on_remove);

/// Whether the tools of a message are shown: under a mouse, with the focus in it, or after a tap.
export function use_tools() {
  const [is_active, set_active] = useState(false);
  const holds_focus = (event: Event) =>
    (event.currentTarget as Element).contains(document.activeElement);
  return {
    is_active,
    watch: {
      // Moved, not entered: they go when the field takes the focus, and come back to a mouse that
      // has stayed where it was.
      onPointerMove: (event: PointerEvent) => event.pointerType === 'mouse' && set_active(true),
      onPointerLeave: (event: PointerEvent) =>
        event.pointerType === 'mouse' && !holds_focus(event) && set_active(false),
      onClick: () => set_active(true),
      onFocusIn: () => set_active(true),
      onFocusOut: (event: FocusEvent) => {
        const next = event.relatedTarget as Node | null;
        if (!(event.currentTarget as Element).contains(next)) set_active(false);
      },
    },
  };
}

/// A small bar over a message's edge. A deletion is asked about within it.
export function MessageTools({ acts, words }: { acts: message_acts; words: part_words }) {
  const [is_asking, set_asking] = useState(false);
  const { on_reply, on_edit, on_remove } = acts;
  if (is_asking) {
    return (
      <div class="tools" role="group" aria-label={words.remove_sure} data-testid="tools">
        <span>{words.remove_sure}</span>
        <button
          type="button"
          class="text-button bad"
          data-testid="remove-sure"
          ref={(button) => button?.focus()}
          onClick={(event) => {
            (event.currentTarget.closest('[data-message]') as HTMLElement | null)?.focus();
            on_remove!();
          }}
        >
          {words.remove}
        </button>
        <button type="button" class="text-button" onClick={() => set_asking(false)}>
          {words.keep}
        </button>
      </div>
    );
  }
  const tool = (name: 'reply' | 'edit' | 'remove', act?: () => void) =>
    act && (
      <button
        type="button"
        aria-label={words[name]}
        title={words[name]}
        data-testid={`tool-${name}`}
        onClick={(event) => {
          event.stopPropagation();
          act();
        }}
      >
        <PartIcon name={name} size={16} />
      </button>
    );
  return (
    <div class="tools" role="group" aria-label={words.tools} data-testid="tools">
      {tool('reply', on_reply)}
      {tool('edit', on_edit)}
      {tool('remove', on_remove && (() => set_asking(true)))}
    </div>
  );
}

/// Up and down among the messages of a log, and Escape back to it. True: the key was for this.
export function move_among_messages(event: KeyboardEvent, log: HTMLElement): boolean {
  const target = event.target as HTMLElement;
  const message = target.closest<HTMLElement>('[data-message]');
  if (event.key === 'Escape' && message) {
    log.focus();
    return true;
  }
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return false;
  if (target !== log && target !== message) return false;
  const all = [...log.querySelectorAll<HTMLElement>('[data-message]')];
  const at = message ? all.indexOf(message) : all.length;
  const next = all[at + (event.key === 'ArrowUp' ? -1 : 1)];
  if (!next) return false;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
  return true;
}
