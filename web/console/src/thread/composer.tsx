import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { summary } from '../../../sdk/src';
import { LockIcon, SendIcon, TakeIcon } from '../frame/icons';
import { Keys } from '../frame/keys_view';
import type { console_desk, mode } from '../state/desk';

const lines_px_max = 220;
// Nobody counts bytes until they run short.
const bytes_shown_below = 1_000;

const encoder = new TextEncoder();

export function Composer({ desk, item }: { desk: console_desk; item: summary }) {
  const { words, mode } = desk;
  if (item.status === 'closed') {
    return (
      <div class="composer-closed" role="note" data-testid="composer-closed">
        <LockIcon />
        {words.composer.closed}
      </div>
    );
  }
  const barred = mode === 'reply' && !desk.is_mine(item);
  return (
    <section
      class={mode === 'note' ? 'composer note' : 'composer'}
      data-testid="composer"
      data-mode={mode}
    >
      <Modes desk={desk} />
      {barred ? (
        <Barred desk={desk} item={item} />
      ) : (
        <Field key={`${mode} ${desk.posts_given_back}`} desk={desk} item={item} />
      )}
    </section>
  );
}

const modes: readonly mode[] = ['reply', 'note'];

function Modes({ desk }: { desk: console_desk }) {
  const { words } = desk;
  return (
    <div class="modes" role="group" aria-label={words.composer.mode}>
      {modes.map((each) => (
        <button
          key={each}
          aria-pressed={each === desk.mode}
          data-testid={`mode-${each}`}
          onClick={() => desk.set_mode(each)}
        >
          {each === 'note' && <LockIcon />}
          {words.composer[each]}
        </button>
      ))}
    </div>
  );
}

function Barred({ desk, item }: { desk: console_desk; item: summary }) {
  const { words } = desk;
  const theirs = item.assignee !== undefined && item.status !== 'queued';
  return (
    <div class="barred" data-testid="composer-barred">
      <span dir="auto">
        {theirs ? words.composer.theirs(item.assignee!.name) : words.composer.queued}
      </span>
      <button
        class="plain"
        data-testid="composer-take"
        onClick={() => desk.take(item.conversation)}
      >
        <TakeIcon />
        {theirs ? words.takeOver : words.take}
      </button>
    </div>
  );
}

function Field({ desk, item }: { desk: console_desk; item: summary }) {
  const { words, mode, drafts, client } = desk;
  const { conversation } = item;
  const track = mode === 'note' ? 'internal' : 'public';
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, set_text] = useState(() => drafts.get(conversation, track));
  const left = client.text_bytes_max - encoder.encode(text).length;
  const can_send = text.trim() !== '' && left >= 0;

  useLayoutEffect(() => {
    const element = field.current!;
    element.style.blockSize = 'auto';
    element.style.blockSize = `${Math.min(element.scrollHeight, lines_px_max)}px`;
  }, [text]);
  useLayoutEffect(() => desk.obey_focus('composer', field.current));

  const write = (next: string): void => {
    set_text(next);
    drafts.set(conversation, track, next);
    if (mode === 'reply') desk.thread(conversation)?.set_typing(next !== '');
  };
  const send = (): void => {
    if (!can_send) return;
    void desk.post(text);
    set_text('');
  };
  const on_key = (event: KeyboardEvent): void => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      field.current?.blur();
    }
    if (event.key !== 'Enter') return;
    const mod = event.ctrlKey || event.metaKey;
    if (event.shiftKey && !mod) return;
    event.preventDefault();
    send();
    if (mod && event.shiftKey) desk.select_longest_waiting();
  };

  return (
    <div class="field">
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        value={text}
        placeholder={
          mode === 'note' ? words.composer.noteHint : words.composer.replyHint(item.visitor.name)
        }
        aria-label={
          mode === 'note' ? words.composer.noteHint : words.composer.replyHint(item.visitor.name)
        }
        data-testid="composer-field"
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={on_key}
        onBlur={() => mode === 'reply' && desk.thread(conversation)?.set_typing(false)}
      />
      <div class="field-foot">
        <span class="key-hints">
          <Keys of={['Enter']} /> {words.composer.enter}
          <Keys of={['shift+Enter']} /> {words.composer.shiftEnter}
        </span>
        {left < bytes_shown_below && (
          <span class={left < 0 ? 'bytes over' : 'bytes'} role="status">
            {left < 0 ? words.composer.over(-left) : words.composer.left(left)}
          </span>
        )}
        <button class="primary slim send" disabled={!can_send} data-testid="send" onClick={send}>
          <SendIcon />
          {mode === 'note' ? words.composer.saveNote : words.composer.send}
        </button>
      </div>
    </div>
  );
}
