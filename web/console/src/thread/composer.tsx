import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { summary } from '../../../sdk/src';
import { line_of, WritingBar } from '../../../parts/quote';
import { AttachButton, pasted_files, Tray, type tray } from '../../../parts/tray';
import { LockIcon, SendIcon, TakeIcon } from '../frame/icons';
import { Keys } from '../frame/keys_view';
import type { console_desk, mode } from '../state/desk';
import { track_of } from '../state/writing';

const lines_px_max = 220;
// Nobody counts bytes until they run short.
const bytes_shown_below = 1_000;

const encoder = new TextEncoder();

interface properties {
  desk: console_desk;
  item: summary;
  tray: tray;
}

export function Composer({ desk, item, tray }: properties) {
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
        <Field key={field_key(desk)} desk={desk} item={item} tray={tray} />
      )}
    </section>
  );
}

// Another field for each thing that is written, so that each has its own words.
function field_key(desk: console_desk): string {
  const now = desk.writing.now;
  const edits = now?.kind === 'edit' ? ` edits ${now.message.seq}` : '';
  return `${desk.mode} ${desk.posts_given_back}${edits}`;
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

function Field({ desk, item, tray }: properties) {
  const { words, parts, mode, drafts, client } = desk;
  const { conversation } = item;
  const track = track_of(mode);
  const { now } = desk.writing;
  const is_edit = now?.kind === 'edit';
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, set_text] = useState(() =>
    is_edit ? now.message.text : drafts.get(conversation, track),
  );
  const left = client.text_bytes_max - encoder.encode(text).length;
  const has_files = !is_edit && tray.chosen.length > 0;
  const can_send = (text.trim() !== '' || has_files) && left >= 0;

  useLayoutEffect(() => {
    const element = field.current!;
    element.style.blockSize = 'auto';
    element.style.blockSize = `${Math.min(element.scrollHeight, lines_px_max)}px`;
  }, [text]);
  useLayoutEffect(() => desk.obey_focus('composer', field.current));

  const write = (next: string): void => {
    set_text(next);
    if (is_edit) return;
    drafts.set(conversation, track, next);
    if (mode === 'reply') desk.thread(conversation)?.set_typing(next !== '');
  };
  const send = (): void => {
    if (!can_send) return;
    void desk.writing.send(text, has_files ? tray.chosen : []);
    if (has_files) tray.clear();
    set_text('');
  };
  const on_key = (event: KeyboardEvent): void => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      if (now) desk.writing.stop();
      else field.current?.blur();
    }
    if (event.key === 'ArrowUp' && text === '' && !now && !event.altKey) {
      event.preventDefault();
      desk.writing.edit_last();
    }
    if (event.key !== 'Enter') return;
    const mod = event.ctrlKey || event.metaKey;
    if (event.shiftKey && !mod) return;
    event.preventDefault();
    send();
    if (mod && event.shiftKey) desk.select_longest_waiting();
  };

  const on_paste = (event: ClipboardEvent): void => {
    const files = is_edit ? [] : pasted_files(event);
    if (files.length === 0) return;
    event.preventDefault();
    tray.add(files);
  };
  const hint =
    mode === 'note' ? words.composer.noteHint : words.composer.replyHint(item.visitor.name);

  return (
    <div class="field">
      {now && <WhatFor desk={desk} item={item} />}
      {!is_edit && <Tray tray={tray} words={parts} />}
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        value={text}
        placeholder={hint}
        aria-label={is_edit ? parts.editing : hint}
        data-testid="composer-field"
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={on_key}
        onPaste={on_paste}
        onBlur={() => mode === 'reply' && desk.thread(conversation)?.set_typing(false)}
      />
      <div class="field-foot">
        {!is_edit && <AttachButton tray={tray} words={parts} />}
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
          {is_edit ? parts.save : mode === 'note' ? words.composer.saveNote : words.composer.send}
        </button>
      </div>
    </div>
  );
}

function WhatFor({ desk, item }: { desk: console_desk; item: summary }) {
  const { parts, words, writing } = desk;
  const { kind, message } = writing.now!;
  const is_visitor = message.author === item.visitor.person;
  const other = is_visitor ? item.visitor.name : desk.name_of(message.author);
  const name = message.author === desk.me ? words.thread.you : other;
  return (
    <WritingBar
      title={kind === 'edit' ? parts.editing : parts.answering(name)}
      text={line_of(message, parts)}
      words={parts}
      on_stop={() => writing.stop()}
    />
  );
}
