import { actions_of } from '../actions';
import type { section } from '../actions';
import { CrossIcon } from '../frame/icons';
import { Keys } from '../frame/keys_view';
import { use_desk } from '../state/desk';
import { Dialog } from './dialog';

const sections: readonly section[] = ['move', 'act', 'write', 'desk'];

export function Sheet() {
  const desk = use_desk();
  const { words } = desk;
  const actions = actions_of(desk);
  // The composer and the fields obey these by themselves.
  const in_fields = [
    { id: 'send', name: words.action.send, keys: ['Enter'] },
    { id: 'break', name: words.action.breakLine, keys: ['shift+Enter'] },
    { id: 'send-next', name: words.action.sendAndNext, keys: ['mod+shift+Enter'] },
    { id: 'edit-last', name: words.action.editLast, keys: ['ArrowUp'] },
    { id: 'leave', name: words.action.leave, keys: ['Escape'] },
  ];
  return (
    <Dialog desk={desk} label={words.sheet.title} look="sheet" testid="sheet">
      <header tabIndex={-1} autofocus>
        <h2>{words.sheet.title}</h2>
        <button class="quiet" aria-label={words.dismiss} onClick={() => desk.open(undefined)}>
          <CrossIcon />
        </button>
      </header>
      <div class="sheet-sections">
        {sections.map((section) => (
          <section key={section}>
            <h3>{words.sheet[section]}</h3>
            <dl>
              {[
                ...actions.filter((one) => one.section === section && one.keys),
                ...(section === 'write' ? in_fields : []),
              ].map((one) => (
                <div key={one.id}>
                  <dt>{one.name}</dt>
                  <dd>
                    <Keys of={one.keys!} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
