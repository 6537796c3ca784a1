import type { summary } from '../../../sdk/src';
import { clock_time, day_name } from '../../../style/time';
import { is_same_day } from '../../../style/groups';
import type { console_desk } from '../state/desk';
import { short_duration, urgency_of } from './waiting';
import type { urgency } from './waiting';

/// What a row shows beside its summary, as plain values, so that a row whose facts are the same is
/// not drawn again.
export interface row_facts {
  unread: number;
  /// How long the visitor waits, or when something was last said.
  time: string;
  urgency?: urgency;
  typing: boolean;
  draft: string;
  own_last: boolean;
  shows_assignee: boolean;
}

const draft_chars_max = 80;

export function row_facts(desk: console_desk, item: summary): row_facts {
  const now = desk.client.now();
  const thread = desk.thread(item.conversation);
  const waits = item.status !== 'closed' && item.waiting_since !== undefined;
  const draft =
    item.conversation === desk.selected ? '' : desk.drafts.get(item.conversation, 'public');
  return {
    unread: desk.unread(item),
    time: waits
      ? short_duration(now - item.waiting_since!, desk.words.time)
      : said_at(item.last?.time ?? item.opened_at, now, desk.words.language),
    urgency: waits ? urgency_of(item.waiting_since!, now) : undefined,
    typing: thread?.typing.includes(item.visitor.person) ?? false,
    draft: draft.slice(0, draft_chars_max),
    own_last: item.last?.author === desk.me,
    shows_assignee: desk.view === 'all' || desk.view === 'closed',
  };
}

function said_at(time: number, now: number, language: string): string {
  if (is_same_day(time, now)) return clock_time(time, language);
  return day_name(time, now, language);
}
