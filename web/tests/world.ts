import { desk_client } from '../sdk/src/desk_client';
import { type device_store, memory_store } from '../sdk/src/device_store';
import type { environment, socket } from '../sdk/src/environment';
import { type file_store, memory_file_store } from '../sdk/src/file_store';
import type { shown_event } from '../sdk/src/folding';
import type { picture_facts } from '../sdk/src/picture';
import type { desk_event } from '../sdk/src/wire';
import { fake_desk, type fake_clock } from './fake_desk';
import { fake_fetch } from './fake_fetch';

/// A clock that only tests turn. Between two timers everything that was promised gets its turn.
export class virtual_clock implements fake_clock {
  private now_ = 1_700_000_000_000;
  private timers_: { at: number; id: number; callback: () => void }[] = [];
  private id_ = 0;

  now(): number {
    return this.now_;
  }

  set_timeout(callback: () => void, delay_ms: number): number {
    this.timers_.push({ at: this.now_ + Math.max(0, delay_ms), id: ++this.id_, callback });
    return this.id_;
  }

  clear_timeout(id: unknown): void {
    this.timers_ = this.timers_.filter((timer) => timer.id !== id);
  }

  async pass(ms: number): Promise<void> {
    const end = this.now_ + ms;
    await settle();
    for (;;) {
      this.timers_.sort((a, b) => a.at - b.at || a.id - b.id);
      const next = this.timers_[0];
      if (!next || next.at > end) break;
      this.timers_.shift();
      this.now_ = next.at;
      next.callback();
      await settle();
    }
    this.now_ = end;
  }
}

// IndexedDB's stand-in works in turns of the event loop; one transaction takes a few.
let settle_turns = 2;
async function settle(): Promise<void> {
  for (let i = 0; i < settle_turns; ++i) await new Promise((resolve) => setImmediate(resolve));
}

export class fake_locks {
  private readonly held_ = new Map<string, fake_locks>();

  /// The locks of one tab; `release_all` is what the browser does when the tab ends.
  tab() {
    const own = new Map<string, () => void>();
    const request = (
      name: string,
      _options: unknown,
      callback: (lock: object | null) => unknown,
    ): Promise<unknown> => {
      if (this.held_.has(name)) return Promise.resolve(callback(null));
      this.held_.set(name, this);
      own.set(name, () => this.held_.delete(name));
      return Promise.resolve(callback({ name })).finally(() => own.get(name)?.());
    };
    return {
      locks: { request } as unknown as environment['locks'],
      release_all: () => own.forEach((release) => release()),
    };
  }
}

/// Tabs of one browser, a desk, and the network between them.
export class world {
  readonly clock = new virtual_clock();
  readonly desk = new fake_desk(this.clock);
  readonly plain = new fake_fetch(this.desk, this.clock);
  readonly locks = new fake_locks();
  store: device_store = new memory_store();
  files: file_store = new memory_file_store(true);
  look_at: (file: Blob) => picture_facts | undefined = () => undefined;
  has_locks = true;
  has_events = true;
  is_network_up = true;
  /// How this network treats a WebSocket: refuses it, or swallows it without a word.
  sockets: 'pass' | 'refused' | 'swallowed' = 'pass';
  /// Sockets opened so far.
  opened = 0;
  /// Subprotocols of the last one.
  offered: string[] = [];
  private readonly listeners_ = new Set<() => void>();
  private id_ = 0;
  private seed_: number;

  constructor(seed = 1, options: { indexed?: boolean } = {}) {
    this.seed_ = seed;
    settle_turns = options.indexed ? 12 : 2;
    this.desk.agents.set(lin, {
      person: lin,
      name: 'Lin Mei',
      status: 'accepting',
      capacity: 4,
      load: 0,
    });
  }

  /// mulberry32: small, good enough to shuffle faults.
  random = (): number => {
    this.seed_ = (this.seed_ + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed_ ^ (this.seed_ >>> 15), 1 | this.seed_);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };

  set_network(up: boolean): void {
    this.is_network_up = up;
    this.plain.is_down = !up;
    if (!up) this.desk.cut();
    for (const listener of [...this.listeners_]) listener();
  }

  tab(token: string | ((refused: boolean) => string | Promise<string>) = ann): tab {
    const { locks, release_all } = this.locks.tab();
    const env: environment = {
      now: () => this.clock.now(),
      set_timeout: (callback, delay_ms) => this.clock.set_timeout(callback, delay_ms),
      clear_timeout: (timer) => this.clock.clear_timeout(timer),
      random: this.random,
      random_id: () => (++this.id_).toString(16).padStart(32, '0'),
      open_socket: (_url, protocols) => this.open_socket_(protocols),
      open_events: this.has_events ? (url) => this.plain.open_events(url) : undefined,
      fetch: (url, request) => this.plain.fetch(url, request),
      store: async () => this.store,
      files: async () => this.files,
      look_at: async (file) => this.look_at(file),
      locks: this.has_locks ? locks : undefined,
      is_network_up: () => this.is_network_up,
      on_network_change: (callback) => {
        this.listeners_.add(callback);
        return () => this.listeners_.delete(callback);
      },
    };
    return new tab(this, env, token, release_all);
  }

  private open_socket_(protocols: string[]): socket {
    ++this.opened;
    this.offered = protocols;
    const latency_ms = 5;
    const later = (callback: () => void) => this.clock.set_timeout(callback, latency_ms);
    let is_closed = false;
    const close = (code: number) => {
      if (is_closed) return;
      is_closed = true;
      later(() => opened.onclose?.call(opened as WebSocket, { code, reason: '' } as CloseEvent));
    };
    const connection = this.desk.accept(
      (text) =>
        later(() => opened.onmessage?.call(opened as WebSocket, { data: text } as MessageEvent)),
      close,
    );
    const opened: socket = {
      readyState: 1,
      onopen: null,
      onmessage: null,
      onclose: null,
      send: (text) => later(() => is_closed || connection.receive(text as string)),
      close: () => {
        is_closed = true;
        connection.gone();
      },
    };
    if (this.sockets === 'swallowed') return opened;
    later(() => {
      const passes = this.is_network_up && this.sockets === 'pass';
      if (passes) opened.onopen?.call(opened as WebSocket, {} as Event);
      else {
        connection.gone();
        close(1006);
      }
    });
    return opened;
  }
}

export class tab {
  readonly client: desk_client;
  readonly states: string[] = [];

  constructor(
    private readonly world_: world,
    env: environment,
    token: string | ((refused: boolean) => string | Promise<string>),
    private readonly release_all_: () => void,
  ) {
    const role = String(token).startsWith('agent:') ? 'agent' : 'visitor';
    const url = 'http://desk.test';
    this.client = new desk_client({ url, role, account: 'demo', token, environment: env });
    this.client.on('state', (state) => this.states.push(state.name));
    this.client.connect();
  }

  get thread() {
    return this.client.thread(this.client.current ?? 'next');
  }

  post(text: string): Promise<string> {
    return this.thread.post(text);
  }

  /// The texts on the screen, in order: applied, then pending.
  get shown(): string[] {
    return [...texts(this.thread.events), ...this.thread.pending.map((post) => post.text)];
  }

  /// The tab is gone at once, as on a reload or a crash.
  kill(): void {
    this.client.close();
    this.release_all_();
  }

  pass(ms: number): Promise<void> {
    return this.world_.clock.pass(ms);
  }
}

export const ann = 'visitor:00000000000000a1';
export const lin = 'agent:00000000000000b1';

export function texts(events: readonly (desk_event | shown_event)[]): string[] {
  return events.flatMap((event) => (event.kind === 'message' ? [event.text] : []));
}

/// What the desk has recorded in the conversation.
export function recorded(world: world, conversation: string): string[] {
  return texts(world.desk.conversations.get(conversation)?.tracks.public ?? []);
}
