import { is_picture, type shown_message } from '../sdk/src';
import { PartIcon } from './icons';
import type { part_words } from './words';

export interface quote {
  name: string;
  /// What it says now; '' if it was deleted, undefined while nobody knows.
  text?: string;
}

/// What a message says, in one line.
export function line_of(
  message: Pick<shown_message, 'text' | 'deleted' | 'file'>,
  words: part_words,
): string {
  if (message.deleted) return words.deleted;
  if (message.text) return message.text;
  if (!message.file) return '';
  return is_picture(message.file.type) ? words.picture : message.file.name;
}

/// The message that another one answers, above its words.
export function Quote(props: { quote: quote; words: part_words; on_go: () => void }) {
  const { quote, words } = props;
  return (
    <button
      type="button"
      class="quote"
      aria-label={words.go_to}
      data-testid="quote"
      onClick={(event) => {
        event.stopPropagation();
        props.on_go();
      }}
    >
      <b dir="auto">{quote.name}</b>
      <span dir="auto">{quote.text ?? words.earlier}</span>
    </button>
  );
}

/// Above the field: which message is answered or changed.
export function WritingBar(props: {
  title: string;
  text: string;
  words: part_words;
  on_stop: () => void;
}) {
  return (
    <div class="writing" data-testid="writing">
      <div>
        <b dir="auto">{props.title}</b>
        <span dir="auto">{props.text}</span>
      </div>
      <button type="button" aria-label={props.words.stop} onClick={props.on_stop}>
        <PartIcon name="cross" size={16} />
      </button>
    </div>
  );
}
