import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { AttachButton, pasted_files, Tray, type tray } from '../../../parts/tray';
import { WritingBar } from '../../../parts/quote';
import type { part_words } from '../../../parts/words';
import { Icon } from './icons';
import { forget, recall, remember } from './storage';
import type { words } from './words';

const left_shown_max = 200;
const lines_max = 5;

/// What the field is for, if not for something new: `key` names it.
export interface writing {
  key: string;
  title: string;
  text: string;
  is_edit: boolean;
}

interface properties {
  draft_key: string;
  words: words;
  part_words: part_words;
  /// Characters.
  length_max: number;
  disabled_reason?: string;
  focus_count: number;
  writing?: writing;
  tray: tray;
  on_stop_writing: () => void;
  on_typing: (on: boolean, text: string) => void;
  on_send: (text: string) => Promise<unknown>;
  /// The arrow up in an empty field.
  on_edit_last: () => void;
}

/// Enter sends, shift-enter breaks the line; what was begun survives a change of page.
export function Composer(props: properties) {
  const { words, length_max, disabled_reason, writing, tray } = props;
  const [text, set_text] = use_text(props);
  const [error, set_error] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const left = length_max - text.length;
  const is_edit = writing?.is_edit ?? false;
  const has_files = !is_edit && tray.chosen.length > 0;
  const is_sendable = (text.trim() !== '' || has_files) && left >= 0 && !disabled_reason;

  useLayoutEffect(() => {
    const { style } = field.current!;
    style.height = '0';
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(field.current!);
    const padding = parseFloat(paddingTop) + parseFloat(paddingBottom);
    const height_max = parseFloat(lineHeight) * lines_max + padding;
    style.height = `${Math.min(field.current!.scrollHeight, height_max)}px`;
  }, [text]);

  // On a touch screen the keyboard would cover what somebody came to read.
  useEffect(() => {
    if (props.focus_count > 0 && matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, [props.focus_count]);
  useEffect(() => {
    if (writing) field.current?.focus();
  }, [writing?.key]);

  const send = async () => {
    if (!is_sendable) return;
    set_text('');
    set_error('');
    field.current?.focus();
    try {
      await props.on_send(text.trim());
    } catch {
      set_text(text);
      set_error(words.not_kept);
    }
  };
  // An enter that ends the choice of a Chinese word belongs to the input method.
  const on_key = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape' && writing) {
      event.stopPropagation();
      props.on_stop_writing();
    }
    if (event.key === 'ArrowUp' && text === '' && !writing) {
      event.preventDefault();
      props.on_edit_last();
    }
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    void send();
  };
  const on_input = (value: string) => {
    set_text(value);
    if (!is_edit) props.on_typing(value.trim() !== '', value);
  };
  const on_paste = (event: ClipboardEvent) => {
    const files = is_edit ? [] : pasted_files(event);
    if (files.length === 0) return;
    event.preventDefault();
    tray.add(files);
  };

  const note = error || count_note();
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {writing && (
        <WritingBar {...writing} words={props.part_words} on_stop={props.on_stop_writing} />
      )}
      {!is_edit && <Tray tray={tray} words={props.part_words} />}
      {note && (
        <p class={left < 0 || error ? 'note bad' : 'note'} role="status">
          {note}
        </p>
      )}
      <div class="field">
        {!is_edit && !disabled_reason && <AttachButton tray={tray} words={props.part_words} />}
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={disabled_reason ?? words.placeholder}
          aria-label={is_edit ? props.part_words.editing : words.placeholder}
          disabled={!!disabled_reason}
          enterkeyhint="send"
          onInput={(event) => on_input(event.currentTarget.value)}
          onKeyDown={on_key}
          onPaste={on_paste}
          onBlur={() => props.on_typing(false, '')}
        />
        <button
          type="submit"
          class="send"
          aria-label={is_edit ? props.part_words.save : words.send}
          disabled={!is_sendable}
        >
          <Icon name={is_edit ? 'end' : 'send'} />
        </button>
      </div>
    </form>
  );

  function count_note(): string {
    if (left < 0) return words.too_long(-left);
    return left <= left_shown_max ? words.left(left) : '';
  }
}

// While a message is changed, the field holds its words; what was begun before comes back after.
function use_text({ draft_key, writing }: properties): [string, (text: string) => void] {
  const edits = writing?.is_edit ? writing.key : '';
  const [draft, set_draft] = useState(() => recall(draft_key) ?? '');
  const [edit, set_edit] = useState({ key: '', text: '' });
  useEffect(() => {
    if (draft) remember(draft_key, draft);
    else forget(draft_key);
  }, [draft]);
  if (!edits) return [draft, set_draft];
  const text = edit.key === edits ? edit.text : writing!.text;
  return [text, (next) => set_edit({ key: edits, text: next })];
}
