import { actions_of } from './actions';
import type { console_desk } from './state/desk';

/// The name of a pressed key: `mod+` is Ctrl, or Command on a Mac; `shift+` stands only before
/// letters, since `?` is `?` wherever a keyboard has it.
export function key_of(event: KeyboardEvent): string {
  const letter = /^[a-z]$/i.test(event.key);
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : '';
  const alt = event.altKey ? 'alt+' : '';
  const shift = event.shiftKey && letter ? 'shift+' : '';
  return mod + alt + shift + (letter ? event.key.toLowerCase() : event.key);
}

const is_mac = /mac|iphone|ipad/i.test(navigator.platform);

const signs: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  Enter: '↵',
  Escape: 'Esc',
  mod: is_mac ? '⌘' : 'Ctrl',
  alt: is_mac ? '⌥' : 'Alt',
  shift: '⇧',
};

/// The same key as the caps of a keyboard show it.
export function caps_of(key: string): string[] {
  return key.split('+').map((part) => signs[part] ?? part.toUpperCase());
}

/// The key caps as one text, for a tooltip.
export const caps_text = (key: string): string => caps_of(key).join(' ');

function is_field(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select');
}

// A focused button is pressed by Enter and moved through by arrows; those keys stay its own.
function is_control(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, [role="menu"]') !== null;
}

const own_keys = new Set(['Enter', ' ', 'ArrowDown', 'ArrowUp']);

/// Obeys the keyboard wherever no field or dialog wants the key for itself. The answer ends it.
export function obey_keys(desk: console_desk): () => void {
  const on_key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || desk.dialog) return;
    const key = key_of(event);
    const action = actions_of(desk).find((one) => one.keys?.includes(key));
    if (!action || action.applies === false) return;
    const with_modifier = key.includes('mod+') || key.includes('alt+');
    if (is_field(event.target) && !action.anywhere && !with_modifier) return;
    if (is_control(event.target) && own_keys.has(key)) return;
    event.preventDefault();
    action.run(desk);
  };
  document.addEventListener('keydown', on_key);
  return () => document.removeEventListener('keydown', on_key);
}
