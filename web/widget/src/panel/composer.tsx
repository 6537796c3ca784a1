import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons';
import { forget, recall, remember } from './storage';
import type { words } from './words';

const left_shown_max = 200;
const lines_max = 5;

/// Enter sends, shift-enter breaks the line; what was begun survives a change of page.
export function Composer(props: {
  draft_key: string;
  words: words;
  /// Characters.
  length_max: number;
  disabled_reason?: string;
  focus_count: number;
  on_typing: (on: boolean) => void;
  on_send: (text: string) => Promise<unknown>;
}) {
  const { words, length_max, disabled_reason } = props;
  const [text, set_text] = useState(() => recall(props.draft_key) ?? '');
  const [error, set_error] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const left = length_max - text.length;
  const is_sendable = text.trim() !== '' && left >= 0 && !disabled_reason;

  useEffect(() => {
    if (text) remember(props.draft_key, text);
    else forget(props.draft_key);
  }, [text]);

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
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229)
      return;
    event.preventDefault();
    void send();
  };
  const on_input = (value: string) => {
    set_text(value);
    props.on_typing(value.trim() !== '');
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
      {note && (
        <p class={left < 0 || error ? 'note bad' : 'note'} role="status">
          {note}
        </p>
      )}
      <div class="field">
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={disabled_reason ?? words.placeholder}
          aria-label={words.placeholder}
          disabled={!!disabled_reason}
          enterkeyhint="send"
          onInput={(event) => on_input(event.currentTarget.value)}
          onKeyDown={on_key}
          onBlur={() => props.on_typing(false)}
        />
        <button type="submit" class="send" aria-label={words.send} disabled={!is_sendable}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );

  function count_note(): string {
    if (left < 0) return words.too_long(-left);
    return left <= left_shown_max ? words.left(left) : '';
  }
}
