import { useLayoutEffect, useRef } from 'preact/hooks';
import { statuses } from '../actions';
import { caps_text } from '../keys';
import { use_desk } from '../state/desk';
import type { console_desk } from '../state/desk';
import {
  BellIcon,
  BellOffIcon,
  CloseIcon,
  CrossIcon,
  DownIcon,
  KeyboardIcon,
  LeaveIcon,
  Mark,
  SearchIcon,
} from './icons';
import { Menu } from './menu';

const capacity_max = 200;

export function TopBar() {
  const desk = use_desk();
  const { words } = desk;
  const state = desk.client.state.name;
  return (
    <header class="top-bar">
      <span class="brand">
        <Mark size={22} />
        <b>Frontdesk</b>
      </span>
      <Search desk={desk} />
      <span class={`connection ${state}`} role="status" data-testid="connection" data-state={state}>
        <i />
        <span>{words.connection[state]}</span>
      </span>
      <Capacity desk={desk} />
      <StatusSwitch desk={desk} />
      <Notifications desk={desk} />
      <button
        class="quiet wide-only"
        title={`${words.shortcuts} ?`}
        aria-label={words.shortcuts}
        onClick={() => desk.open('sheet')}
      >
        <KeyboardIcon />
      </button>
      <button
        class="quiet"
        title={words.logOut}
        aria-label={words.logOut}
        data-testid="log-out"
        onClick={() => desk.log_out()}
      >
        <LeaveIcon />
      </button>
    </header>
  );
}

function Search({ desk }: { desk: console_desk }) {
  const input = useRef<HTMLInputElement>(null);
  const { words } = desk;
  useLayoutEffect(() => desk.obey_focus('search', input.current));

  const on_key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      if (desk.filter) desk.set_filter('');
      else input.current?.blur();
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      const first = desk.rows()[0];
      if (first) desk.select(first.conversation);
      input.current?.blur();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      desk.move(event.key === 'ArrowDown' ? 1 : -1);
    }
  };

  return (
    <div class="search" role="search">
      <SearchIcon />
      <input
        ref={input}
        type="text"
        value={desk.filter}
        placeholder={words.search}
        aria-label={words.search}
        data-testid="search"
        onInput={(event) => desk.set_filter(event.currentTarget.value)}
        onKeyDown={on_key}
      />
      {desk.filter ? (
        <button class="quiet" aria-label={words.clearSearch} onClick={() => desk.set_filter('')}>
          <CrossIcon />
        </button>
      ) : (
        <kbd>/</kbd>
      )}
    </div>
  );
}

function Capacity({ desk }: { desk: console_desk }) {
  const { words } = desk;
  const me = desk.client.me;
  if (!me) return null;
  const full = me.load >= me.capacity;
  const change = (step: number): void => {
    const capacity = Math.min(capacity_max, Math.max(1, me.capacity + step));
    if (capacity !== me.capacity) desk.set_status(me.status, capacity);
  };
  return (
    <Menu
      role="group"
      look={`capacity${full ? ' full' : ''}`}
      label={words.capacityLabel(me.load, me.capacity)}
      title={words.capacity}
      testid="capacity"
      button={
        <>
          <span class="meter">
            <i style={{ inlineSize: `${Math.min(100, (me.load / me.capacity) * 100)}%` }} />
          </span>
          <span class="figure">
            {me.load}/{me.capacity}
          </span>
        </>
      }
    >
      {() => (
        <div class="stepper">
          <p>{words.capacityHint}</p>
          <div>
            <button
              aria-label={words.fewer}
              disabled={me.capacity <= 1}
              data-testid="capacity-fewer"
              onClick={() => change(-1)}
            >
              −
            </button>
            <output data-testid="capacity-value">{me.capacity}</output>
            <button
              aria-label={words.more}
              disabled={me.capacity >= capacity_max}
              data-testid="capacity-more"
              onClick={() => change(1)}
            >
              +
            </button>
          </div>
        </div>
      )}
    </Menu>
  );
}

function StatusSwitch({ desk }: { desk: console_desk }) {
  const { words } = desk;
  const status = desk.client.me?.status ?? 'offline';
  return (
    <Menu
      look="status-switch"
      label={words.ownStatus(words.status[status])}
      testid="status"
      button={
        <>
          <i class={`dot ${status}`} />
          <span>{words.status[status]}</span>
          <DownIcon />
        </>
      }
    >
      {(close) =>
        statuses.map((each) => (
          <button
            key={each}
            role="menuitemradio"
            aria-checked={each === status}
            data-testid={`status-${each}`}
            onClick={() => {
              desk.set_status(each);
              close();
            }}
          >
            <i class={`dot ${each}`} />
            <span>
              <b>{words.status[each]}</b>
              <small>{words.statusHint[each]}</small>
            </span>
            {each === status && <CloseIcon />}
          </button>
        ))
      }
    </Menu>
  );
}

function Notifications({ desk }: { desk: console_desk }) {
  const { words, settings } = desk;
  const switches = [
    {
      name: words.sound,
      on: settings.sound,
      flip: () => desk.set({ sound: !settings.sound }),
      id: 'sound',
    },
    {
      name: words.badge,
      on: settings.badge,
      flip: () => desk.set({ badge: !settings.badge }),
      id: 'badge',
    },
  ];
  return (
    <Menu
      look="quiet"
      label={words.notifications}
      title={`${words.notifications} ${caps_text('s')}`}
      testid="notifications"
      button={settings.sound ? <BellIcon /> : <BellOffIcon />}
    >
      {() =>
        switches.map(({ name, on, flip, id }) => (
          <button
            key={id}
            role="menuitemcheckbox"
            aria-checked={on}
            data-testid={`switch-${id}`}
            onClick={flip}
          >
            <span>{name}</span>
            <i class={on ? 'switch on' : 'switch'} />
          </button>
        ))
      }
    </Menu>
  );
}
