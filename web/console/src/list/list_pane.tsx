import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { list_view } from '../../../sdk/src';
import { BackIcon, CloseIcon, InboxIcon, SearchIcon } from '../frame/icons';
import { use_desk } from '../state/desk';
import type { console_desk } from '../state/desk';
import { views } from './roll';
import { Row } from './row';
import { row_facts } from './row_facts';
import { scroll_to_see, window_of } from './window';

/// Kept equal to `--row` in list.css.
const row_height = 64;
const skeleton_rows = 7;

export function ListPane() {
  const desk = use_desk();
  const rows = desk.rows();
  const loaded = desk.listings.is_loaded(desk.view);
  return (
    <nav class="list-pane" aria-label={desk.words.viewsLabel}>
      <Tabs desk={desk} />
      {rows.length > 0 && <Rows key={desk.view} desk={desk} />}
      {rows.length === 0 && !loaded && <Skeleton label={desk.words.loading} />}
      {rows.length === 0 && loaded && <Empty desk={desk} />}
    </nav>
  );
}

function Tabs({ desk }: { desk: console_desk }) {
  const { words, view } = desk;
  const counts = desk.client.counts;
  const on_key = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const rtl = getComputedStyle(event.currentTarget as Element).direction === 'rtl';
    const next = views[(views.indexOf(view) + (rtl ? -step : step) + views.length) % views.length];
    desk.show(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={words.viewsLabel} onKeyDown={on_key}>
      {views.map((each: list_view) => {
        const count = each === 'closed' ? undefined : counts?.[each];
        return (
          <button
            key={each}
            id={`tab-${each}`}
            role="tab"
            aria-selected={each === view}
            aria-controls="list"
            tabIndex={each === view ? 0 : -1}
            data-testid={`tab-${each}`}
            onClick={() => desk.show(each)}
          >
            {words.views[each]}
            {count !== undefined && <span class="count">{count > 999 ? '999+' : count}</span>}
          </button>
        );
      })}
    </div>
  );
}

function Rows({ desk }: { desk: console_desk }) {
  const rows = desk.rows();
  const list = useRef<HTMLDivElement>(null);
  const [seen, set_seen] = useState({ scrolled: 0, height: innerHeight });
  const chosen = rows.findIndex((item) => item.conversation === desk.selected);
  const { first, end } = window_of(seen.scrolled, seen.height, row_height, rows.length);

  const look = (): void => {
    // A scroll event may come after the element is gone.
    if (!list.current) return;
    const { scrollTop, clientHeight } = list.current;
    if (scrollTop !== seen.scrolled || clientHeight !== seen.height) {
      set_seen({ scrolled: scrollTop, height: clientHeight });
    }
  };
  useLayoutEffect(look);
  useEffect(() => {
    const observer = new ResizeObserver(look);
    observer.observe(list.current!);
    return () => observer.disconnect();
  });
  useEffect(() => {
    if (end >= rows.length) desk.listings.more(desk.view);
  }, [end, rows.length]);
  // Only a selection that moves scrolls the list; rows that move under a still selection do not.
  useLayoutEffect(() => {
    const element = list.current!;
    if (chosen < 0) return;
    element.scrollTop = scroll_to_see(chosen, element.scrollTop, element.clientHeight, row_height);
    look();
  }, [desk.selected]);

  return (
    <div
      id="list"
      class="rows"
      role="tabpanel"
      aria-labelledby={`tab-${desk.view}`}
      ref={list}
      onScroll={look}
      data-testid="rows"
    >
      <ul
        style={{ blockSize: `${rows.length * row_height}px` }}
        aria-busy={desk.listings.is_loading(desk.view)}
      >
        {rows.slice(first, end).map((item, index) => (
          <Row
            key={item.conversation}
            item={item}
            position={first + index}
            count={rows.length}
            top={(first + index) * row_height}
            chosen={item.conversation === desk.selected}
            {...row_facts(desk, item)}
            desk={desk}
          />
        ))}
      </ul>
    </div>
  );
}

function Skeleton({ label }: { label: string }) {
  return (
    <div class="rows skeleton" role="status" aria-label={label} data-testid="list-loading">
      {Array.from({ length: skeleton_rows }, (_, index) => (
        <div class="row" key={index}>
          <span class="bone round" />
          <span class="row-text">
            <span class="bone" style={{ inlineSize: `${40 + ((index * 17) % 30)}%` }} />
            <span class="bone" style={{ inlineSize: `${60 + ((index * 23) % 35)}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}

const empty_icons = { mine: InboxIcon, queue: CloseIcon, all: InboxIcon, closed: BackIcon };

function Empty({ desk }: { desk: console_desk }) {
  const { empty } = desk.words;
  const what = desk.filter ? 'filter' : desk.view;
  const Icon = what === 'filter' ? SearchIcon : empty_icons[what];
  return (
    <div class="empty" data-testid="list-empty">
      <span class="empty-icon">
        <Icon />
      </span>
      <b>{empty[what]}</b>
      <p>{empty[`${what}Hint`]}</p>
    </div>
  );
}
