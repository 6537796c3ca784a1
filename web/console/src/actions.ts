import type { list_view, routing_status } from '../../sdk/src';
import { views } from './list/roll';
import type { console_desk } from './state/desk';
import type { words } from './words/en';

export type section = 'move' | 'act' | 'write' | 'desk';

/// One thing that an agent can do. The palette, the shortcuts sheet and the keyboard read this
/// table, so none of the three can know an action that the others do not.
export interface action {
  id: string;
  section: section;
  name: string;
  /// As `key_of` writes it. Without one, it is the palette's alone.
  keys?: string[];
  /// Works while a field is being written in, too.
  anywhere?: boolean;
  /// Left out of the palette: to be told to move is slower than to move.
  hidden?: boolean;
  applies?: boolean;
  run: (desk: console_desk) => unknown;
}

export const statuses: readonly routing_status[] = ['accepting', 'busy', 'away', 'offline'];

export function actions_of(desk: console_desk): action[] {
  const { words } = desk;
  return [
    ...acting(desk, words),
    ...writing(desk, words),
    ...moving(desk, words),
    ...desk_wide(desk, words),
  ];
}

function moving(desk: console_desk, words: words): action[] {
  const goto = (view: list_view, index: number): action => ({
    id: `go-${view}`,
    section: 'move',
    name: words.action.goTo(words.views[view]),
    keys: [String(index + 1)],
    run: () => desk.show(view),
  });
  return [
    {
      id: 'next',
      section: 'move',
      name: words.action.next,
      keys: ['j', 'ArrowDown', 'alt+ArrowDown'],
      hidden: true,
      run: () => desk.move(1),
    },
    {
      id: 'previous',
      section: 'move',
      name: words.action.previous,
      keys: ['k', 'ArrowUp', 'alt+ArrowUp'],
      hidden: true,
      run: () => desk.move(-1),
    },
    {
      id: 'next-waiting',
      section: 'move',
      name: words.action.nextWaiting,
      keys: ['w'],
      run: () => desk.select_longest_waiting(),
    },
    ...views.map(goto),
    {
      id: 'search',
      section: 'move',
      name: words.search,
      keys: ['/'],
      run: () => desk.move_focus('search'),
    },
  ];
}

function acting(desk: console_desk, words: words): action[] {
  const item = desk.summary();
  const open = item !== undefined && item.status !== 'closed';
  const mine = item !== undefined && desk.is_mine(item);
  return [
    {
      id: 'take',
      section: 'act',
      name: open && !mine && item.status === 'assigned' ? words.takeOver : words.takeLong,
      keys: ['t'],
      applies: open && !mine,
      run: () => desk.take(item!.conversation),
    },
    {
      id: 'take-next',
      section: 'act',
      name: words.takeNext,
      keys: ['q'],
      run: () => desk.take_next(),
    },
    {
      id: 'transfer',
      section: 'act',
      name: words.transferLong,
      keys: ['shift+t'],
      applies: open,
      run: () => desk.open('transfer'),
    },
    {
      id: 'return',
      section: 'act',
      name: words.giveBackLong,
      keys: ['b'],
      applies: open && item.status === 'assigned',
      run: () => desk.give_back(item!.conversation),
    },
    {
      id: 'close',
      section: 'act',
      name: words.closeLong,
      keys: ['e'],
      applies: open,
      run: () => desk.open('close'),
    },
    {
      id: 'details',
      section: 'act',
      name: words.detailsToggle,
      keys: ['i'],
      run: () => desk.toggle_details(),
    },
  ];
}

function writing(desk: console_desk, words: words): action[] {
  const item = desk.summary();
  const open = item !== undefined && item.status !== 'closed';
  return [
    {
      id: 'reply',
      section: 'write',
      name: words.action.reply,
      keys: ['r', 'Enter'],
      applies: open && desk.is_mine(item),
      run: () => desk.set_mode('reply'),
    },
    {
      id: 'note',
      section: 'write',
      name: words.action.note,
      keys: ['n'],
      applies: open,
      run: () => desk.set_mode('note'),
    },
    {
      id: 'messages',
      section: 'write',
      name: words.action.messages,
      keys: ['m'],
      applies: item !== undefined,
      run: () => desk.move_focus('messages'),
    },
  ];
}

function desk_wide(desk: console_desk, words: words): action[] {
  const { sound, badge } = desk.settings;
  const status_action = (status: routing_status): action => ({
    id: `status-${status}`,
    section: 'desk',
    name: words.action.setStatus(words.status[status]),
    applies: desk.client.me?.status !== status,
    run: () => desk.set_status(status),
  });
  return [
    {
      id: 'palette',
      section: 'desk',
      name: words.palette.title,
      keys: ['mod+k'],
      anywhere: true,
      hidden: true,
      run: () => desk.open('palette'),
    },
    {
      id: 'sheet',
      section: 'desk',
      name: words.shortcuts,
      keys: ['?'],
      run: () => desk.open('sheet'),
    },
    ...statuses.map(status_action),
    {
      id: 'sound',
      section: 'desk',
      name: sound ? words.action.soundOff : words.action.soundOn,
      keys: ['s'],
      run: () => desk.set({ sound: !sound }),
    },
    {
      id: 'badge',
      section: 'desk',
      name: badge ? words.action.badgeOff : words.action.badgeOn,
      run: () => desk.set({ badge: !badge }),
    },
    { id: 'log-out', section: 'desk', name: words.logOut, run: () => desk.log_out() },
  ];
}
