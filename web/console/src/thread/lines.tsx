import type { shown_event } from '../../../sdk/src';
import { clock_time, day_name } from '../../../style/time';
import type { console_desk } from '../state/desk';
import { memo } from '../state/memo';
import { line_words } from './line_words';

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

export const EventLine = memo(({ event, desk }: { event: shown_event; desk: console_desk }) => (
  <p class="event-line" data-testid="event" data-kind={event.kind}>
    <span dir="auto">
      {line_words(event, desk.me, (person) => desk.name_of(person), desk.words)}
    </span>
    <time>{clock_time(event.time, desk.words.language)}</time>
  </p>
));
