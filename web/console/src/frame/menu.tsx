import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/// A button that opens a small menu below it. Arrows move, Escape and a click elsewhere close it,
/// and the focus goes back to the button.
export function Menu(properties: {
  label: string;
  title?: string;
  look: string;
  testid?: string;
  button: ComponentChildren;
  /// `menu` holds menu items; `group` holds other controls.
  role?: 'menu' | 'group';
  children: (close: () => void) => ComponentChildren;
}) {
  const [open, set_open] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  const close = (): void => {
    set_open(false);
    button.current?.focus();
  };

  useEffect(() => {
    if (!open) return;
    const list = root.current!.querySelector('.menu-list')!;
    const first =
      list.querySelector<HTMLElement>('[aria-checked=true]') ?? list.querySelector('button');
    first?.focus();
    const on_press = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) set_open(false);
    };
    document.addEventListener('pointerdown', on_press);
    return () => document.removeEventListener('pointerdown', on_press);
  }, [open]);

  const on_key = (event: KeyboardEvent): void => {
    if (!open) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const items = [...root.current!.querySelectorAll<HTMLElement>('.menu-list button')];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items[(at + step + items.length) % items.length]?.focus();
  };

  return (
    <div class="menu" ref={root} onKeyDown={on_key}>
      <button
        ref={button}
        class={properties.look}
        aria-haspopup={properties.role === 'group' ? 'true' : 'menu'}
        aria-expanded={open}
        aria-label={properties.label}
        title={properties.title}
        data-testid={properties.testid}
        onClick={() => set_open(!open)}
      >
        {properties.button}
      </button>
      {open && (
        <div class="menu-list" role={properties.role ?? 'menu'} aria-label={properties.label}>
          {properties.children(close)}
        </div>
      )}
    </div>
  );
}
