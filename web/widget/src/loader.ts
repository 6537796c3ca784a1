import { accent_colours } from '../../style/accent';
import {
  settings_to_hash,
  type host_event,
  type preview,
  type to_loader,
  type to_panel,
} from './bridge';
import { choose_language } from './language';
import { loader_style } from './loader_style';
import { loader_words } from './loader_words';

/// The one script that a host page includes:
///
///   <script async src="https://desk.example/widget.js" data-widget-key="…"></script>
///
/// It shows the launcher and loads the panel into a frame of the node's own origin when somebody
/// opens it, or when this visitor has talked before. A frame, since then the host's page needs no
/// cross-origin permission from the node, its styles and scripts cannot reach the conversation, and
/// the visitor's token lies in the host's storage only where the browser blocks the frame's own.
function start(script: HTMLScriptElement): void {
  const { widgetKey: key, locale = '', accent = '', position } = script.dataset;
  if (!key || window.Frontdesk) return;
  const origin = new URL(script.src).origin;
  const words = loader_words[choose_language(locale, navigator.languages)];
  const listeners = new Map<host_event, Set<(detail: unknown) => void>>();
  const talking_key = `frontdesk.talking.${key}`;
  const look_key = `frontdesk.look.${key}`;
  const open_key = `frontdesk.open.${key}`;
  const kept_key = `frontdesk.kept.${key}`;
  let frame: HTMLIFrameElement | undefined;
  let is_ready = false;
  let is_open = false;
  let dismissed = '';

  const host = document.createElement('div');
  const shadow = host.attachShadow({ mode: 'open' });
  adopt_style(shadow);
  const root = element('div', position === 'left' ? 'root left' : 'root');
  const card = element('div', 'preview');
  card.hidden = true;
  const launcher = element('button', 'launcher');
  launcher.type = 'button';
  const count = element('span', 'count');
  count.hidden = true;
  launcher.append(
    icon(
      'chat',
      'M12 3.5c5 0 9 3.3 9 7.5s-4 7.5-9 7.5c-.9 0-1.8-.1-2.6-.3L5 20.5l.6-3.6' +
        'C4 15.6 3 13.4 3 11c0-4.2 4-7.5 9-7.5z',
    ),
    icon('close', 'M6 9.5l6 6 6-6'),
    count,
  );
  launcher.addEventListener('click', () => (is_open ? close() : open()));
  root.append(card, launcher);
  shadow.append(root);
  document.body.append(host);
  name_launcher(0);
  const remembered = (read(localStorage_(), look_key) ?? '').split(' ');
  const colours = accent_colours(accent || remembered[0], false);
  show_look(colours.accent, colours.on_accent);

  function open(): void {
    if (is_open) return;
    is_open = true;
    load_panel();
    card.hidden = true;
    root.classList.add('open');
    name_launcher(0);
    say({ frontdesk: 'shown', on: true });
    frame!.focus();
    write(sessionStorage_(), open_key, '1');
    tell('open', undefined);
  }

  function close(): void {
    if (!is_open) return;
    is_open = false;
    root.classList.remove('open');
    name_launcher(0);
    say({ frontdesk: 'shown', on: false });
    launcher.focus({ preventScroll: true });
    write(sessionStorage_(), open_key, '');
    tell('close', undefined);
  }

  function load_panel(): void {
    if (frame) return;
    frame = element('iframe', 'frame');
    frame.title = words.chat;
    frame.allow = 'autoplay';
    frame.src = `${origin}/widget/panel.html#${settings_to_hash({ key: key!, locale, accent })}`;
    root.prepend(frame);
    // The frame comes into the page in its closed state, so that opening it can be seen.
    void frame.offsetHeight;
  }

  function say(message: to_panel): void {
    if (is_ready) frame!.contentWindow!.postMessage(message, origin);
  }

  function on_message(event: MessageEvent<to_loader>): void {
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return;
    const message = event.data;
    switch (message.frontdesk) {
      case 'ready':
        is_ready = true;
        say({ frontdesk: 'hello', shown: is_open, kept: kept() });
        return tell('ready', undefined);
      case 'look':
        write(localStorage_(), look_key, message.accent);
        return show_look(message.accent, message.on_accent);
      case 'unread':
        return on_unread(message.count, message.preview);
      case 'talking':
        return write(localStorage_(), talking_key, '1');
      case 'close':
        return close();
      case 'keep':
        return keep(message.name, message.value);
      case 'event':
        return tell(message.name, message.detail);
    }
  }

  function kept(): Record<string, string> {
    return JSON.parse(read(localStorage_(), kept_key) || '{}');
  }

  function keep(name: string, value: string | null): void {
    const { [name]: _, ...others } = kept();
    const words = value === null ? others : { ...others, [name]: value };
    write(localStorage_(), kept_key, JSON.stringify(words));
  }

  function on_unread(unread: number, preview?: preview): void {
    count.textContent = unread > 99 ? '99+' : String(unread);
    count.hidden = unread === 0;
    name_launcher(unread);
    show_preview(is_open || unread === 0 ? undefined : preview);
    tell('unread', unread);
  }

  function show_preview(preview: preview | undefined): void {
    if (preview && preview.text === dismissed) return;
    card.hidden = !preview;
    if (!preview) return;
    const text = element('button', 'text');
    const lines = element('span', 'lines');
    lines.append(element('b', '', preview.author), element('span', 'said', preview.text));
    text.append(element('span', 'face', [...preview.author][0] ?? ''), lines);
    text.addEventListener('click', open);
    const dismiss = element('button', 'dismiss');
    dismiss.setAttribute('aria-label', words.dismiss);
    dismiss.append(icon('', 'M6 6l12 12M18 6L6 18'));
    dismiss.addEventListener('click', () => {
      dismissed = preview.text;
      card.hidden = true;
    });
    card.replaceChildren(text, dismiss);
  }

  function name_launcher(unread: number): void {
    const name = is_open ? words.close : unread > 0 ? words.unread(unread) : words.open;
    launcher.setAttribute('aria-label', name);
    launcher.setAttribute('aria-expanded', String(is_open));
  }

  function show_look(accent: string, on_accent: string): void {
    host.style.setProperty('--accent', accent);
    host.style.setProperty('--on-accent', on_accent);
  }

  // Keeps a full-screen panel above the phone's keyboard.
  function fit_viewport(): void {
    const viewport = window.visualViewport;
    if (!viewport) return;
    root.style.setProperty('--viewport-height', `${viewport.height}px`);
    root.style.setProperty('--viewport-top', `${viewport.offsetTop}px`);
  }

  function tell(name: host_event, detail: unknown): void {
    for (const listener of [...(listeners.get(name) ?? [])]) listener(detail);
  }

  function shutdown(): void {
    removeEventListener('message', on_message);
    window.visualViewport?.removeEventListener('resize', fit_viewport);
    window.visualViewport?.removeEventListener('scroll', fit_viewport);
    host.remove();
    delete window.Frontdesk;
  }

  addEventListener('message', on_message);
  window.visualViewport?.addEventListener('resize', fit_viewport);
  window.visualViewport?.addEventListener('scroll', fit_viewport);
  fit_viewport();
  window.Frontdesk = {
    open,
    close,
    toggle: () => (is_open ? close() : open()),
    shutdown,
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => void set.delete(listener);
    },
  };
  if (read(localStorage_(), talking_key)) load_panel();
  if (read(sessionStorage_(), open_key) && innerWidth >= 480) open();
  dispatchEvent(new Event('frontdesk:ready'));
}

function element<name extends keyof HTMLElementTagNameMap>(
  name: name,
  class_name: string,
  text = '',
): HTMLElementTagNameMap[name] {
  const made = document.createElement(name);
  made.className = class_name;
  made.textContent = text;
  return made;
}

function icon(class_name: string, path: string): SVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const line = document.createElementNS(space, 'path');
  const look = { fill: 'none', stroke: 'currentColor', 'stroke-width': '1.9' };
  const ends = { 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  for (const [name, value] of Object.entries({ ...look, ...ends, d: path })) {
    line.setAttribute(name, value);
  }
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', class_name);
  svg.append(line);
  return svg;
}

// A constructed sheet also works on pages whose policy forbids inline styles.
function adopt_style(shadow: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(loader_style);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    shadow.append(element('style', '', loader_style));
  }
}

// Reading these properties throws where storage is blocked.
function localStorage_(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

function sessionStorage_(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

function read(storage: Storage | undefined, key: string): string | null {
  return storage?.getItem(key) ?? null;
}

function write(storage: Storage | undefined, key: string, value: string): void {
  try {
    storage?.setItem(key, value);
  } catch {
    // A full storage only costs the memory of having talked.
  }
}

declare global {
  interface Window {
    Frontdesk?: {
      open(): void;
      close(): void;
      toggle(): void;
      /// Takes the widget off the page.
      shutdown(): void;
      /// The answer ends the subscription.
      on(name: host_event, listener: (detail: unknown) => void): () => void;
    };
  }
}

const script = document.currentScript as HTMLScriptElement;
if (document.body) start(script);
else addEventListener('DOMContentLoaded', () => start(script));
