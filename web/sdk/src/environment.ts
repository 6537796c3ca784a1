import { type device_store, open_device_store } from './device_store';
import { type file_store, open_file_store } from './file_store';
import { look_at_picture, type picture_facts } from './picture';
import type { way_memory } from './ways';

/// What the client takes from the browser. Tests hand in their own, with a clock that they turn.
export interface environment {
  now(): number;
  set_timeout(callback: () => void, delay_ms: number): unknown;
  clear_timeout(timer: unknown): void;
  /// In [0, 1).
  random(): number;
  random_id(): string;
  open_socket(url: string, protocols: string[]): socket;
  /// Absent where there is no EventSource.
  open_events?(url: string): event_source;
  fetch(url: string, request: RequestInit): Promise<Response>;
  store(): Promise<device_store>;
  files(): Promise<file_store>;
  /// A small picture of a picture and the size of the large one; undefined of what is none.
  look_at?(file: Blob): Promise<picture_facts | undefined>;
  /// Which way to the node was found; of this tab.
  way_memory?: way_memory;
  /// Absent on pages that are not a secure context.
  locks?: Pick<LockManager, 'request'>;
  is_network_up(): boolean;
  /// The answer ends it.
  on_network_change(callback: () => void): () => void;
}

export type socket = Pick<
  WebSocket,
  'send' | 'close' | 'onopen' | 'onmessage' | 'onclose' | 'readyState'
>;

export type event_source = Pick<EventSource, 'close' | 'onmessage' | 'onerror'>;

export function browser_environment(): environment {
  return {
    now: () => Date.now(),
    set_timeout: (callback, delay_ms) => setTimeout(callback, delay_ms),
    clear_timeout: (timer) => clearTimeout(timer as number),
    random: () => Math.random(),
    random_id: () =>
      [...crypto.getRandomValues(new Uint8Array(16))]
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .join(''),
    open_socket: (url, protocols) => new WebSocket(url, protocols),
    open_events: globalThis.EventSource && ((url) => new EventSource(url)),
    fetch: (url, request) => fetch(url, request),
    store: open_device_store,
    files: open_file_store,
    look_at: look_at_picture,
    way_memory: tab_memory,
    locks: navigator.locks,
    is_network_up: () => navigator.onLine,
    on_network_change(callback) {
      addEventListener('online', callback);
      addEventListener('offline', callback);
      return () => {
        removeEventListener('online', callback);
        removeEventListener('offline', callback);
      };
    },
  };
}

// A page that may keep nothing looks for its way each time.
const tab_memory: way_memory = {
  get way() {
    try {
      return sessionStorage.getItem('frontdesk.way') ?? undefined;
    } catch {
      return undefined;
    }
  },
  set way(name) {
    try {
      if (name) sessionStorage.setItem('frontdesk.way', name);
      else sessionStorage.removeItem('frontdesk.way');
    } catch {
      // Not kept.
    }
  },
};
