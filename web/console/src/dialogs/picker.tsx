import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { SearchIcon } from '../frame/icons';

/// A field above a list of choices: typing narrows it, arrows move, Enter takes.
export function Picker<item>(properties: {
  label: string;
  placeholder: string;
  items_of: (typed: string) => readonly item[];
  key_of: (item: item) => string;
  /// Stands above the item that begins a section.
  section_of?: (item: item) => string;
  is_off?: (item: item) => boolean;
  draw: (item: item) => ComponentChildren;
  none: string;
  pick: (item: item) => void;
}) {
  const { items_of, key_of, section_of, is_off } = properties;
  const [typed, set_typed] = useState('');
  const [at, set_at] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const items = items_of(typed);
  const chosen = Math.min(at, items.length - 1);

  useEffect(() => set_at(0), [typed]);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, typed]);

  const pick = (item: item | undefined): void => {
    if (item && !is_off?.(item)) properties.pick(item);
  };
  const on_key = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && items.length > 0) set_at((chosen + step + items.length) % items.length);
    else if (event.key === 'Enter') pick(items[chosen]);
    else return;
    event.preventDefault();
  };

  let section = '';
  return (
    <>
      <div class="picker-field">
        <SearchIcon />
        <input
          autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
          aria-label={properties.label}
          placeholder={properties.placeholder}
          value={typed}
          data-testid="picker-field"
          onInput={(event) => set_typed(event.currentTarget.value)}
          onKeyDown={on_key}
        />
        <kbd>Esc</kbd>
      </div>
      <ul
        class="picker-list"
        id={`${id}-list`}
        role="listbox"
        aria-label={properties.label}
        ref={list}
      >
        {items.map((item, index) => {
          const begins = section_of !== undefined && section_of(item) !== section;
          section = section_of?.(item) ?? '';
          return (
            <>
              {begins && (
                <li class="picker-section" role="presentation">
                  {section}
                </li>
              )}
              <li
                key={key_of(item)}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === chosen}
                aria-disabled={is_off?.(item) ?? false}
                data-testid="choice"
                data-key={key_of(item)}
                onPointerMove={() => index !== chosen && set_at(index)}
                onClick={() => pick(item)}
              >
                {properties.draw(item)}
              </li>
            </>
          );
        })}
        {items.length === 0 && <li class="picker-none">{properties.none}</li>}
      </ul>
    </>
  );
}
