import type { pending_change, thread } from '../../../sdk/src';
import { Attachment, PendingAttachment, UploadState } from '../../../parts/attachment';
import { has_acts, MessageTools, use_tools, type message_acts } from '../../../parts/message_tools';
import { Quote } from '../../../parts/quote';
import { is_final_of_file } from '../../../parts/words';
import { clock_time } from '../../../style/time';
import { Avatar } from '../frame/avatar';
import { LockIcon, TicksIcon } from '../frame/icons';
import type { console_desk } from '../state/desk';
import { memo } from '../state/memo';
import { code_words } from '../words/fault_words';
import type { delivery, message_row } from './thread_rows';

type properties = message_row & {
  desk: console_desk;
  thread: thread;
  name: string;
  online: boolean;
  /// Of the message that this one answers; `quote_text` is undefined while nobody knows it.
  quote_name?: string;
  quote_text?: string;
  on_go: (row: { seq: number; internal: boolean }) => void;
};

export const MessageLine = memo((row: properties) => {
  const { desk, message } = row;
  const { words, parts } = desk;
  const { is_active, watch } = use_tools();
  const acts = is_active && message ? desk.writing.acts_of(message) : {};
  const clock = clock_time(row.time, words.language);
  return (
    <article
      class={look_of(row)}
      data-testid="message"
      data-message={message?.seq ?? ''}
      data-internal={row.internal}
      data-delivery={row.delivery}
      tabIndex={-1}
      aria-keyshortcuts="r e Delete"
      onKeyDown={(event) => obey(event, acts)}
      {...watch}
    >
      {row.side === 'visitor' && (
        <span class="gutter">
          {row.ends && <Avatar small person={row.author} name={row.name} />}
        </span>
      )}
      <div class="message-body">
        {row.begins && (
          <p class="message-head">
            {row.internal && <LockIcon />}
            <b dir="auto">{row.own ? words.thread.you : row.name}</b>
            {row.internal && <span>{words.thread.note}</span>}
            <time>{clock}</time>
          </p>
        )}
        {message?.deleted ? (
          <p class="bubble gone" data-testid="gone" title={clock}>
            {parts.deleted}
          </p>
        ) : (
          <Bubble {...row} clock={clock} />
        )}
        {has_acts(acts) && <MessageTools acts={acts} words={parts} />}
        {row.delivery && tells(row) && <Delivery {...row} delivery={row.delivery} />}
        {message?.change && !message.deleted && <Change {...row} change={message.change} />}
      </div>
    </article>
  );
});

function look_of(row: properties): string {
  const classes = ['message', row.side];
  if (row.own) classes.push('own');
  if (row.internal) classes.push('note');
  if (row.begins) classes.push('begins');
  if (row.ends) classes.push('ends');
  if (row.delivery === 'failed') classes.push('failed');
  return classes.join(' ');
}

// While the message itself has the focus, one key does what a button of its bar does.
function obey(event: KeyboardEvent, acts: message_acts): void {
  const article = event.currentTarget as HTMLElement;
  if (event.target !== article || event.ctrlKey || event.metaKey || event.altKey) return;
  const press = (tool: string) => () =>
    article.querySelector<HTMLElement>(`[data-testid=tool-${tool}]`)?.click();
  const by_key: Record<string, (() => void) | undefined> = {
    r: acts.on_reply,
    e: acts.on_edit,
    Delete: press('remove'),
    Backspace: press('remove'),
  };
  const act = by_key[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function Bubble(row: properties & { clock: string }) {
  const { desk, thread, message, file, upload } = row;
  const { parts, pictures, client } = desk;
  const { conversation } = thread;
  const place = { conversation, files: client.files, pictures, words: parts };
  const is_framing = (file?.thumbnail || upload?.width) && !row.reply_to;
  const is_going = message?.change?.kind === 'delete' && !message.change.fault;
  const quote = { name: row.quote_name ?? '', text: row.quote_text };
  return (
    <div
      class={`bubble${is_framing ? ' framing' : ''}${is_going ? ' going' : ''}`}
      title={row.clock}
    >
      {row.reply_to !== undefined && (
        <Quote
          quote={quote}
          words={parts}
          on_go={() => row.on_go({ seq: row.reply_to!, internal: row.internal })}
        />
      )}
      {file && <Attachment file={file} place={place} />}
      {upload && (
        <PendingAttachment
          file={upload}
          post={row.post!}
          is_failed={row.delivery === 'failed'}
          place={place}
        />
      )}
      {row.text && (
        <span class="words" dir="auto">
          {row.text}
        </span>
      )}
      {message?.edited_at && <span class="edited">{parts.edited}</span>}
    </div>
  );
}

// Of several posts that wait for the same thing, the last one says so.
const tells = (row: message_row): boolean =>
  row.ends || row.upload !== undefined || !/^(waiting|sending)$/.test(row.delivery ?? '');

function Delivery(row: properties & { delivery: delivery }) {
  const { desk, thread, delivery, post, upload } = row;
  const { words } = desk;
  if (delivery === 'failed') return <Failed {...row} />;
  if (upload && !upload.is_complete) {
    return (
      <p class="delivery">
        <UploadState
          file={upload}
          is_online={row.online}
          words={desk.parts}
          on_cancel={() => void thread.discard(post!)}
        />
      </p>
    );
  }
  const recorded = delivery === 'sent' || delivery === 'delivered' || delivery === 'read';
  return (
    <p class={`delivery ${delivery}`}>
      {recorded && <TicksIcon double={delivery !== 'sent'} />}
      {words.delivery[delivery]}
    </p>
  );
}

function Failed({ desk, thread, post, fault = '', upload }: properties) {
  const { words, parts } = desk;
  const of_file = upload && parts.file_faults[fault];
  return (
    <p class="delivery failed" role="alert">
      <span>
        {words.delivery.failed}
        {of_file ? `: ${of_file}` : `. ${code_words(fault, words) ?? words.faults.other}`}
      </span>
      {!(upload && is_final_of_file(fault)) && (
        <button class="link" data-testid="retry" onClick={() => void thread.retry(post!)}>
          {words.delivery.retry}
        </button>
      )}
      <button class="link" data-testid="discard" onClick={() => void thread.discard(post!)}>
        {words.delivery.discard}
      </button>
    </p>
  );
}

function Change({ desk, thread, change }: properties & { change: pending_change }) {
  const { parts } = desk;
  const { fault, kind, key } = change;
  if (!fault) return <p class="delivery">{kind === 'edit' ? parts.saving : parts.removing}</p>;
  const reason = fault.code === 'unknown_message' ? `: ${parts.unknown_message}` : '';
  return (
    <p class="delivery failed" role="alert">
      <span>{(kind === 'edit' ? parts.edit_failed : parts.remove_failed) + reason}</span>
      <button class="link" onClick={() => void thread.discard(key)}>
        {parts.dismiss}
      </button>
    </p>
  );
}
