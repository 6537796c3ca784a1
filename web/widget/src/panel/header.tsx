import { useEffect, useRef, useState } from 'preact/hooks';
import { is_sound_on, set_sound } from './chime';
import { Icon } from './icons';
import type { words } from './words';

export interface header_facts {
  title: string;
  line: string;
  /// Of the assigned agent; absent while nobody is, or while the desk has not said.
  online?: boolean;
  agent?: string;
}

export function Header(props: {
  facts: header_facts;
  words: words;
  on_close: () => void;
  on_end?: () => void;
}) {
  const { facts, words } = props;
  return (
    <header class="header">
      <div class="face" aria-hidden="true">
        {facts.agent ? [...facts.agent][0] : <Icon name="chat" size={22} />}
        {facts.online !== undefined && <i class={facts.online ? 'dot online' : 'dot'} />}
      </div>
      <div class="names">
        <h1>{facts.title}</h1>
        <p>{facts.line}</p>
      </div>
      <Menu words={words} on_end={props.on_end} />
      <button type="button" class="tool" aria-label={words.minimise} onClick={props.on_close}>
        <Icon name="down" />
      </button>
    </header>
  );
}

function Menu({ words, on_end }: { words: words; on_end?: () => void }) {
  const [is_open, set_open] = useState(false);
  const [is_loud, set_loud] = useState(is_sound_on());
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!is_open) return;
    root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const on_press = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) set_open(false);
    };
    addEventListener('pointerdown', on_press);
    return () => removeEventListener('pointerdown', on_press);
  }, [is_open]);

  const close = () => {
    set_open(false);
    button.current?.focus();
  };
  const on_key = (event: KeyboardEvent) => {
    if (!is_open) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const items = [...root.current!.querySelectorAll<HTMLElement>('[role=menuitem]')];
      const step = event.key === 'ArrowDown' ? 1 : items.length - 1;
      items[(items.indexOf(document.activeElement as HTMLElement) + step) % items.length].focus();
    }
  };
  const switch_sound = () => {
    set_sound(!is_loud);
    set_loud(!is_loud);
    close();
  };

  return (
    <div class="menu-place" ref={root} onKeyDown={on_key}>
      <button
        type="button"
        class="tool"
        ref={button}
        aria-label={words.menu}
        aria-haspopup="menu"
        aria-expanded={is_open}
        onClick={() => set_open(!is_open)}
      >
        <Icon name="menu" />
      </button>
      {is_open && (
        <div class="menu" role="menu">
          <button type="button" role="menuitem" onClick={switch_sound}>
            <Icon name={is_loud ? 'mute' : 'sound'} size={18} />
            {is_loud ? words.sound_off : words.sound_on}
          </button>
          {on_end && (
            <button
              type="button"
              role="menuitem"
              onClick={() => {
                close();
                on_end();
              }}
            >
              <Icon name="end" size={18} />
              {words.end}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
