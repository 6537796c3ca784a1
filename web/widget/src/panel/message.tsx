import type { pending_change, thread } from '../../../sdk/src';
import {
  Attachment,
  PendingAttachment,
  UploadState,
  type attachment_place,
} from '../../../parts/attachment';
import { has_acts, MessageTools, use_tools, type message_acts } from '../../../parts/message_tools';
import { line_of, Quote } from '../../../parts/quote';
import { is_final_of_file } from '../../../parts/words';
import { clock_time } from '../../../style/time';
import { Icon } from './icons';
import { MessageText } from './message_text';
import type { message_row } from './rows';
import type { words } from './words';

export interface message_facts {
  row: message_row;
  thread: thread;
  words: words;
  place: attachment_place;
  is_online: boolean;
  name_of: (person: string) => string;
  acts_of: (row: message_row) => message_acts;
  /// Shows the message at this seq.
  on_go: (seq: number) => void;
  on_choose_again: (post: string) => void;
}

export function Message(props: message_facts) {
  const { row, words, place } = props;
  const { is_active, watch } = use_tools();
  const acts = props.acts_of(row);
  const is_deleted = row.message?.deleted;
  const classes = ['message', row.is_own ? 'own' : 'other'];
  if (row.is_first) classes.push('first');
  if (row.is_last) classes.push('last');
  const name = row.is_own ? words.you : props.name_of(row.author);
  const is_removing = row.message?.change?.kind === 'delete' && !row.message.change.fault;
  return (
    <div
      class={classes.join(' ')}
      data-message={row.message?.seq ?? ''}
      tabIndex={-1}
      role="article"
      {...watch}
    >
      {!row.is_own && row.is_last && (
        <div class="face small" aria-hidden="true">
          {[...name][0]}
        </div>
      )}
      <div class="column">
        <span class="unseen">{name}: </span>
        {is_deleted ? (
          <div class="bubble gone">{place.words.deleted}</div>
        ) : (
          <div class={bubble_look(row, is_removing)} dir="auto">
            <Quoted {...props} />
            <FileOf row={row} place={place} />
            {row.text && (
              <span class="words">
                <MessageText text={row.text} />
              </span>
            )}
            {row.message?.edited_at && <span class="edited">{place.words.edited}</span>}
          </div>
        )}
        {is_active && has_acts(acts) && <MessageTools acts={acts} words={place.words} />}
        <Meta {...props} name={name} />
      </div>
    </div>
  );
}

function bubble_look(row: message_row, is_removing: boolean): string {
  const has_picture = (row.file?.thumbnail || row.upload?.file.width) && !row.reply_to;
  return `bubble${has_picture ? ' framing' : ''}${is_removing ? ' going' : ''}`;
}

function Quoted({ row, thread, words, place, name_of, on_go }: message_facts) {
  if (!row.reply_to) return null;
  const answered = thread.message(row.reply_to);
  const is_own = answered?.author === row.author ? row.is_own : !row.is_own;
  const name = answered ? (is_own ? words.you : name_of(answered.author)) : '';
  const quote = { name, text: answered && line_of(answered, place.words) };
  return <Quote quote={quote} words={place.words} on_go={() => on_go(row.reply_to!)} />;
}

function FileOf({ row, place }: { row: message_row; place: attachment_place }) {
  if (row.file) return <Attachment file={row.file} place={place} />;
  if (!row.upload) return null;
  const { post, file } = row.upload;
  return <PendingAttachment file={file} post={post} is_failed={!!row.failed} place={place} />;
}

function Meta(props: message_facts & { name: string }) {
  const { row, thread, words, place } = props;
  const change = row.message?.change;
  if (row.failed) return <Failed {...props} />;
  if (change && !row.message?.deleted) return <Change change={change} {...props} />;
  const { upload } = row;
  if (upload && !upload.file.is_complete) {
    return (
      <div class="meta">
        <UploadState
          file={upload.file}
          is_online={props.is_online}
          words={place.words}
          on_cancel={() => void thread.discard(upload.post)}
        />
      </div>
    );
  }
  const state = row.is_state_shown && row.state ? words[row.state] : '';
  if (!row.is_last && !state) return null;
  return (
    <div class="meta">
      {!row.is_own && <>{props.name} · </>}
      <time dateTime={new Date(row.time).toISOString()}>{clock_time(row.time, words.locale)}</time>
      {state && <> · {state}</>}
    </div>
  );
}

function Failed({ row, thread, words, place, on_choose_again }: message_facts) {
  const { post, code } = row.failed!;
  const of_file = row.upload && place.words.file_faults[code];
  const reason = of_file || words.failed_reasons[code];
  const is_lost = code === 'file_lost';
  return (
    <div class="meta failed" role="alert">
      <Icon name="alert" size={14} />
      <span>{reason ? words.failed_because(reason) : words.failed}</span>
      {is_lost && (
        <button type="button" onClick={() => on_choose_again(post)}>
          {place.words.choose_again}
        </button>
      )}
      {!(row.upload && is_final_of_file(code)) && (
        <button type="button" onClick={() => void thread.retry(post)}>
          {words.retry}
        </button>
      )}
      <button type="button" onClick={() => void thread.discard(post)}>
        {words.discard}
      </button>
    </div>
  );
}

function Change({ change, thread, place }: message_facts & { change: pending_change }) {
  const { words } = place;
  const { fault, kind, key } = change;
  if (!fault) return <div class="meta">{kind === 'edit' ? words.saving : words.removing}</div>;
  const what = kind === 'edit' ? words.edit_failed : words.remove_failed;
  const reason = fault.code === 'unknown_message' ? `: ${words.unknown_message}` : '';
  return (
    <div class="meta failed" role="alert">
      <Icon name="alert" size={14} />
      <span>{what + reason}</span>
      <button type="button" onClick={() => void thread.discard(key)}>
        {words.dismiss}
      </button>
    </div>
  );
}
