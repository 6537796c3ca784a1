import type { summary } from '../../../sdk/src';
import { Avatar } from '../frame/avatar';
import type { console_desk } from '../state/desk';
import { memo } from '../state/memo';
import type { words } from '../words/en';
import type { row_facts } from './row_facts';

interface properties extends row_facts {
  item: summary;
  position: number;
  count: number;
  top: number;
  chosen: boolean;
  desk: console_desk;
}

export const Row = memo((properties: properties) => {
  const { item, desk, unread, urgency, time, shows_assignee } = properties;
  const { words } = desk;
  const returned = item.status === 'queued' && item.since - item.opened_at > 60_000;
  const classes = ['row'];
  if (properties.chosen) classes.push('chosen');
  if (unread > 0) classes.push('unread');
  return (
    <li
      style={{ insetBlockStart: `${properties.top}px` }}
      aria-posinset={properties.position + 1}
      aria-setsize={properties.count}
    >
      <button
        class={classes.join(' ')}
        aria-current={properties.chosen ? 'true' : undefined}
        data-testid="row"
        data-conversation={item.conversation}
        onClick={() => desk.select(item.conversation)}
      >
        <Avatar
          person={item.visitor.person}
          name={item.visitor.name}
          online={item.visitor_online}
        />
        <span class="row-text">
          <span class="row-line">
            <span class="row-name" dir="auto">
              {item.visitor.name}
            </span>
            {item.visitor_online && <span class="hidden">{words.row.online}</span>}
            {item.vip && <span class="row-mark">{words.row.vip}</span>}
            {returned && <span class="row-mark">{words.row.returned}</span>}
            <span class={urgency ? `row-time ${urgency}` : 'row-time'}>
              {urgency && <span class="hidden">{words.row.waiting(time)}</span>}
              <span aria-hidden={urgency !== undefined}>{time}</span>
            </span>
          </span>
          <span class="row-line">
            <Preview {...properties} words={words} />
            {shows_assignee && item.assignee && (
              <span class="row-agent" title={item.assignee.name}>
                <Avatar small person={item.assignee.person} name={item.assignee.name} />
              </span>
            )}
            {unread > 0 && (
              <span class="badge" aria-label={words.row.unread(unread)} data-testid="unread">
                {unread > 99 ? '99+' : unread}
              </span>
            )}
          </span>
        </span>
      </button>
    </li>
  );
});

function Preview(properties: properties & { words: words }) {
  const { item, typing, draft, own_last, words } = properties;
  const { deleted } = properties.desk.parts;
  if (typing) return <span class="row-last live">{words.row.typing}</span>;
  if (draft) {
    return (
      <span class="row-last" dir="auto">
        <em class="draft">{words.row.draft}</em>
        {draft}
      </span>
    );
  }
  return (
    <span class="row-last" dir="auto">
      {own_last && words.row.you}
      {item.last ? item.last.text || deleted : words.row.noMessage}
    </span>
  );
}
