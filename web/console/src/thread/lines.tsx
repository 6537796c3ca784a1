import type { desk_event, thread } from '../../../sdk/src';
import { clock_time, day_name } from '../../../style/time';
import { Avatar } from '../frame/avatar';
import { LockIcon, TicksIcon } from '../frame/icons';
import type { console_desk } from '../state/desk';
import { memo } from '../state/memo';
import { code_words } from '../words/fault_words';
import { line_words } from './line_words';
import type { delivery, message_row } from './thread_rows';

export const DayLine = memo(({ time, desk }: { time: number; desk: console_desk }) => (
  <p class="day-line">
    <span>{day_name(time, desk.client.now(), desk.words.language)}</span>
  </p>
));

export const UnreadLine = memo(({ away, desk }: { away: boolean; desk: console_desk }) => (
  <p class="unread-line" data-testid="unread-line">
    <span>{away ? desk.words.thread.unreadAway : desk.words.thread.unread}</span>
  </p>
));

export const EventLine = memo(({ event, desk }: { event: desk_event; desk: console_desk }) => (
  <p class="event-line" data-testid="event" data-kind={event.kind}>
    <span dir="auto">
      {line_words(event, desk.me, (person) => desk.name_of(person), desk.words)}
    </span>
    <time>{clock_time(event.time, desk.words.language)}</time>
  </p>
));

type properties = message_row & { desk: console_desk; thread: thread; name: string };

export const MessageLine = memo((row: properties) => {
  const { desk } = row;
  const { words } = desk;
  const classes = ['message', row.side];
  if (row.own) classes.push('own');
  if (row.internal) classes.push('note');
  if (row.begins) classes.push('begins');
  if (row.ends) classes.push('ends');
  if (row.delivery === 'failed') classes.push('failed');
  const clock = clock_time(row.time, words.language);
  return (
    <article
      class={classes.join(' ')}
      data-testid="message"
      data-internal={row.internal}
      data-delivery={row.delivery}
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
        <p class="bubble" title={clock}>
          <span dir="auto">{row.text}</span>
        </p>
        {row.delivery && tells(row) && <Delivery {...row} delivery={row.delivery} />}
      </div>
    </article>
  );
});

// Of several posts that wait for the same thing, the last one says so.
const tells = (row: message_row): boolean =>
  row.ends || (row.delivery !== 'waiting' && row.delivery !== 'sending');

function Delivery({ desk, thread, delivery, post, fault }: properties & { delivery: delivery }) {
  const { words } = desk;
  if (delivery !== 'failed') {
    const recorded = delivery === 'sent' || delivery === 'delivered' || delivery === 'read';
    return (
      <p class={`delivery ${delivery}`}>
        {recorded && <TicksIcon double={delivery !== 'sent'} />}
        {words.delivery[delivery]}
      </p>
    );
  }
  return (
    <p class="delivery failed" role="alert">
      <span>
        {words.delivery.failed}. {code_words(fault ?? '', words) ?? words.faults.other}
      </span>
      <button class="link" data-testid="retry" onClick={() => void thread.retry(post!)}>
        {words.delivery.retry}
      </button>
      <button class="link" data-testid="discard" onClick={() => void thread.discard(post!)}>
        {words.delivery.discard}
      </button>
    </p>
  );
}
