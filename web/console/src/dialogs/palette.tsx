import { actions_of } from '../actions';
import type { action } from '../actions';
import type { summary } from '../../../sdk/src';
import { Avatar } from '../frame/avatar';
import { Keys } from '../frame/keys_view';
import { use_desk } from '../state/desk';
import { Dialog } from './dialog';
import { best_matches } from './match';
import { Picker } from './picker';

type choice = { kind: 'action'; action: action } | { kind: 'conversation'; item: summary };

// Beyond the first few, typing one more letter is quicker than reading.
const conversations_max = 8;

export function Palette() {
  const desk = use_desk();
  const { palette } = desk.words;
  const actions = actions_of(desk).filter((one) => !one.hidden && one.applies !== false);
  const open = desk.roll.rows('all', desk.me);

  const items_of = (typed: string): choice[] => {
    const found = best_matches(actions, typed, (action) => action.name);
    const people = typed.trim()
      ? best_matches(open, typed, (item) => `${item.visitor.name} #${item.number}`)
      : [];
    return [
      ...found.map((action): choice => ({ kind: 'action', action })),
      ...people.slice(0, conversations_max).map((item): choice => ({ kind: 'conversation', item })),
    ];
  };

  return (
    <Dialog desk={desk} label={palette.title} look="palette" testid="palette">
      <Picker
        label={palette.title}
        placeholder={palette.placeholder}
        none={palette.none}
        items_of={items_of}
        key_of={(one) => (one.kind === 'action' ? one.action.id : one.item.conversation)}
        section_of={(one) => (one.kind === 'action' ? palette.actions : palette.conversations)}
        pick={(one) => {
          desk.open(undefined);
          if (one.kind === 'action') one.action.run(desk);
          else desk.select(one.item.conversation);
        }}
        draw={(one) =>
          one.kind === 'action' ? <ActionChoice action={one.action} /> : <Found item={one.item} />
        }
      />
    </Dialog>
  );
}

const ActionChoice = ({ action }: { action: action }) => (
  <>
    <span class="choice-name">{action.name}</span>
    {action.keys && <Keys of={action.keys} />}
  </>
);

const Found = ({ item }: { item: summary }) => (
  <>
    <Avatar
      small
      person={item.visitor.person}
      name={item.visitor.name}
      online={item.visitor_online}
    />
    <span class="choice-name" dir="auto">
      {item.visitor.name}
    </span>
    <span class="choice-side">#{item.number}</span>
  </>
);
