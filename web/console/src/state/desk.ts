import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { desk_client } from '../../../sdk/src';
import type {
  desk_event,
  list_view,
  person,
  routing_status,
  summary,
  thread,
} from '../../../sdk/src';
import { roll } from '../list/roll';
import { pictures } from '../../../parts/pictures';
import { part_words_for, type part_words } from '../../../parts/words';
import { fault_words } from '../words/fault_words';
import type { words } from '../words/en';
import { absence } from './absence';
import { attention } from './attention';
import { drafts } from './drafts';
import { listings } from './listings';
import { open_threads } from './open_threads';
import type { agent_session } from './session';
import { load_settings, save_settings } from './settings';
import type { settings } from './settings';
import { signal, use_signal } from './signal';
import { wished_routing } from './wished_routing';
import { writing } from './writing';
import { toasts } from './toasts';

export type dialog = 'palette' | 'transfer' | 'close' | 'sheet';
export type mode = 'reply' | 'note';
export type field = 'composer' | 'search' | 'messages';

// Waiting times are shown in minutes.
const clock_ms = 10_000;
// Browsers run a longer timer at once.
const timer_ms_max = 2 ** 31 - 1;

// Either the desk took no token, or nobody could fetch one; `close()` stops with code 0, too.
const is_refused = (state: { code: number; reason: string }): boolean =>
  state.code === 4501 || (state.code === 0 && state.reason !== 'closed');

/// What the console shows and does: the client's state, and beside it what this page has selected,
/// typed and opened. Components read it and call it; every change ends in `changed()`.
export class console_desk extends signal {
  readonly roll = new roll((item) => this.words.nameless(item.number));
  readonly settings: settings = load_settings();
  readonly drafts = new drafts(sessionStorage);
  private readonly wished = new wished_routing(sessionStorage);
  readonly toasts = new toasts(this);
  readonly client: desk_client;
  readonly writing = new writing(this);
  readonly pictures: pictures;
  readonly parts: part_words;
  readonly listings: listings;

  view: list_view = 'mine';
  filter = '';
  selected?: string;
  dialog?: dialog;
  mode: mode = 'reply';
  /// Where the "new" line stands in the selected thread.
  unread_line?: { after: number; away: boolean };
  posts_given_back = 0;
  /// Which field is to have the keyboard's focus; the field takes the wish away when it obeys.
  focus_wish?: field;

  private readonly wide = matchMedia('(min-width: 1151px)');
  private details_over = false;
  private readonly names = new Map<string, string>();
  private readonly attention = new attention(this.settings);
  private readonly absence = new absence();
  private readonly threads: open_threads;
  private readonly merged = new Map<string, summary>();
  private readonly taking = new Set<string>();
  private mine?: Set<string>;
  private renewal?: ReturnType<typeof setTimeout>;
  private readonly clock: ReturnType<typeof setInterval>;

  constructor(
    readonly session: agent_session,
    readonly words: words,
    url: string,
    private readonly on_ended: () => void,
  ) {
    super();
    this.client = new desk_client({
      url,
      role: 'agent',
      account: session.agent!.ref,
      token: (refused) => session.token(refused),
      client: 'console',
    });
    this.pictures = new pictures(this.client.files);
    this.parts = part_words_for(words.language);
    this.threads = new open_threads(
      (conversation) => this.client.thread(conversation),
      () => this.changed(),
    );
    this.listings = new listings(
      this.roll,
      (view, after, limit) => this.client.list(view, after, limit),
      () => this.me,
      () => this.changed(),
      (ms, what) => void setTimeout(what, ms),
    );
    this.clock = setInterval(() => this.changed(), clock_ms);
    this.hear();
  }

  get me(): string {
    return this.client.person;
  }

  get is_online(): boolean {
    return this.client.state.name === 'online';
  }

  start(): void {
    document.addEventListener('visibilitychange', this.on_visibility);
    this.wide.addEventListener('change', this.on_width);
    this.listen(() => this.attention.title(this.words.title, this.unread_conversations()));
    this.client.connect();
    // Asked for now, it is sent with every welcome.
    void this.client.watch(true).catch(() => undefined);
  }

  stop(): void {
    clearInterval(this.clock);
    clearTimeout(this.renewal);
    document.removeEventListener('visibilitychange', this.on_visibility);
    this.wide.removeEventListener('change', this.on_width);
    this.client.close();
    document.title = this.words.title;
  }

  // What is shown.

  rows(view = this.view): summary[] {
    return this.roll.rows(view, this.me, this.filter);
  }

  summary(conversation = this.selected): summary | undefined {
    return conversation === undefined ? undefined : this.roll.get(conversation);
  }

  thread(conversation: string): thread | undefined {
    return this.threads.get(conversation);
  }

  is_mine(item: summary): boolean {
    return item.status !== 'closed' && item.assignee?.person === this.me;
  }

  /// Messages that wait for the eyes of the agent whose conversation it is.
  unread(item: summary): number {
    if (!this.is_mine(item) || item.last?.author === this.me) return 0;
    const thread = this.threads.get(item.conversation);
    return thread?.is_loaded ? thread.unread : Math.max(0, item.head - item.read);
  }

  private unread_conversations(): number {
    return this.roll.rows('mine', this.me).filter((item) => this.unread(item) > 0).length;
  }

  /// Whether the visitor has a page open; undefined while there is no connection to know it by.
  is_visitor_online(item: summary): boolean | undefined {
    if (!this.is_online) return undefined;
    const thread = this.threads.get(item.conversation);
    return thread?.online.get(item.visitor.person) ?? item.visitor_online;
  }

  name_of(person: string): string {
    if (person === this.me) return this.client.name;
    if (person === 'system') return this.words.thread.system;
    return this.names.get(person) ?? this.words.context.assignee;
  }

  learn_names(people: readonly person[]): void {
    for (const { person, name } of people) this.names.set(person, name);
  }

  // What the agent does.

  show(view: list_view): void {
    this.view = view;
    if (this.is_online) this.listings.open(view);
    this.changed_now();
  }

  set_filter(filter: string): void {
    this.filter = filter;
    this.changed_now();
  }

  select(conversation: string | undefined): void {
    if (conversation === this.selected) return;
    const left = this.selected;
    this.selected = conversation;
    this.mode = 'reply';
    this.unread_line = undefined;
    this.focus_wish = undefined;
    this.writing.forget();
    this.details_over = false;
    if (left) this.threads.left(left);
    this.keep_subscribed();
    if (conversation) this.place_unread_line(conversation);
    this.changed_now();
  }

  /// Goes `step` rows down or up.
  move(step: number): void {
    const rows = this.rows();
    const at = rows.findIndex((item) => item.conversation === this.selected);
    const to = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    if (rows[to]) this.select(rows[to].conversation);
  }

  select_longest_waiting(): void {
    const waiting = this.roll.rows('mine', this.me).find((item) => {
      return item.waiting_since !== undefined && item.conversation !== this.selected;
    });
    if (!waiting) return;
    this.view = 'mine';
    this.select(waiting.conversation);
  }

  set_mode(mode: mode): void {
    this.mode = mode;
    this.move_focus('composer');
  }

  move_focus(on: field): void {
    this.focus_wish = on;
    this.changed_now();
  }

  obey_focus(field: field, element: HTMLElement | null): void {
    if (this.focus_wish !== field) return;
    this.focus_wish = undefined;
    element?.focus();
  }

  open(dialog: dialog | undefined): void {
    this.dialog = dialog;
    this.changed_now();
  }

  set(part: Partial<settings>): void {
    Object.assign(this.settings, part);
    save_settings(this.settings);
    this.changed_now();
  }

  /// Reading is what an agent does who sees the last line; see `thread_log`.
  mark_read(): void {
    if (!this.selected || document.hidden) return;
    this.threads.get(this.selected)?.mark_read();
  }

  set_status(status: routing_status, capacity?: number): void {
    this.wished.keep({ status, capacity: capacity ?? this.wished.now?.capacity });
    void this.attempt(this.client.set_status(status, capacity));
  }

  async take(conversation: string): Promise<void> {
    const item = this.roll.get(conversation);
    this.taking.add(conversation);
    const done = await this.attempt(this.client.transfer(conversation, this.me));
    if (!done) return void this.taking.delete(conversation);
    this.toasts.show(this.words.result.taken(item?.visitor.name ?? ''));
    this.view = 'mine';
    this.select(conversation);
    this.set_mode('reply');
  }

  async take_next(): Promise<void> {
    const next = this.roll.rows('queue', this.me)[0];
    if (next) await this.take(next.conversation);
    else this.toasts.show(this.words.result.queueEmpty);
  }

  /// Rejects with the fault, which the dialog shows.
  async transfer(conversation: string, to: string, name: string): Promise<void> {
    const next = this.neighbour(conversation);
    await this.client.transfer(conversation, to);
    this.toasts.show(this.words.result.transferred(name));
    this.leave(conversation, next);
  }

  async give_back(conversation: string): Promise<void> {
    const next = this.neighbour(conversation);
    if (!(await this.attempt(this.client.give_back(conversation)))) return;
    this.toasts.show(this.words.result.returned);
    this.leave(conversation, next);
  }

  async close(conversation: string): Promise<void> {
    const next = this.neighbour(conversation);
    if (!(await this.attempt(this.client.close_conversation(conversation)))) return;
    this.toasts.show(this.words.result.closed);
    this.leave(conversation, next);
  }

  /// Beside the thread where there is room, over it where there is none; there, it is folded until
  /// somebody asks.
  get details(): boolean {
    return this.wide.matches ? this.settings.details : this.details_over;
  }

  toggle_details(): void {
    if (this.wide.matches) return this.set({ details: !this.settings.details });
    this.details_over = !this.details_over;
    this.changed_now();
  }

  log_out(): void {
    this.wished.forget();
    this.session.end();
    this.on_ended();
  }

  /// False: it failed, and the agent was told.
  async attempt(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (fault) {
      this.toasts.show(fault_words(fault, this.words), true);
      return false;
    }
  }

  // Work goes on with the row that comes after the one that was finished.
  private neighbour(conversation: string): string | undefined {
    const rows = this.rows();
    const at = rows.findIndex((item) => item.conversation === conversation);
    return at < 0 ? undefined : (rows[at + 1] ?? rows[at - 1])?.conversation;
  }

  private leave(conversation: string, next: string | undefined): void {
    if (this.selected === conversation) this.select(this.view === 'all' ? conversation : next);
  }

  // What the desk tells.

  private hear(): void {
    const { client } = this;
    client.on('state', () => this.on_state());
    client.on('roster', () => this.on_roster());
    client.on('desk', ({ items, removed }) => {
      this.roll.merge(items);
      this.roll.close(removed, client.now());
      this.on_summaries();
    });
    client.on('tier', (tier) => {
      if (tier === 0) this.listings.ask_again();
    });
    client.on('message', ({ conversation, event }) => this.on_message(conversation, event));
    for (const name of ['me', 'tier', 'unsent'] as const) client.on(name, () => this.changed());
  }

  private on_state(): void {
    const { state } = this.client;
    if (state.name === 'online') {
      this.merged.clear();
      this.listings.begin_again();
      this.listings.open(this.view);
      this.client.agents().then(
        (agents) => this.learn_names(agents),
        () => undefined,
      );
      this.keep_token();
      this.assert_routing();
      this.on_roster();
      this.come_back();
    } else {
      this.go_away();
      if (state.name === 'stopped' && is_refused(state)) this.on_ended();
    }
    this.changed();
  }

  // The roster holds every conversation of its own at every change; only what is another object
  // than last time is news.
  private on_roster(): void {
    const news: summary[] = [];
    for (const item of this.client.roster.values()) {
      if (this.merged.get(item.conversation) === item) continue;
      this.merged.set(item.conversation, item);
      news.push({ ...item });
    }
    this.roll.merge(news);
    this.on_summaries();
  }

  private on_summaries(): void {
    const mine = new Set(this.roll.rows('mine', this.me).map((item) => item.conversation));
    for (const conversation of mine) {
      if (!this.mine || this.mine.has(conversation)) continue;
      if (!this.taking.delete(conversation)) this.attention.tone('assigned');
    }
    if (this.mine || mine.size > 0) this.mine = mine;
    this.keep_subscribed();
    this.changed();
  }

  private on_message(conversation: string, event: desk_event): void {
    const item = this.roll.get(conversation);
    const seen = !document.hidden && conversation === this.selected;
    if (!seen && item && this.is_mine(item) && event.track !== 'internal') {
      this.attention.tone('message');
    }
    if (conversation === this.selected && this.absence.covers(event.time)) {
      this.unread_line ??= { after: event.seq - 1, away: true };
    }
    this.changed();
  }

  private readonly on_visibility = (): void => {
    if (document.hidden) this.go_away();
    else this.come_back();
    this.changed();
  };

  private readonly on_width = (): void => this.changed();

  private go_away(): void {
    if (this.absence.begin(this.client.now())) this.unread_line = undefined;
  }

  private come_back(): void {
    if (this.is_online && !document.hidden) this.absence.end(this.client.now());
  }

  private keep_subscribed(): void {
    const own = this.roll.rows('mine', this.me).map((item) => item.conversation);
    this.threads.keep(own, this.selected);
  }

  private place_unread_line(conversation: string): void {
    const item = this.roll.get(conversation);
    if (!item || this.unread(item) === 0) return;
    const after = Math.max(item.read, this.threads.get(conversation)?.read ?? 0);
    this.unread_line = { after, away: this.absence.covers(item.last?.time ?? 0) };
  }

  // The desk makes an agent who comes and goes `away`, and forgets it in a restart.
  private assert_routing(): void {
    const wish = this.wished.to_assert(this.client.me);
    if (wish) void this.attempt(this.client.set_status(wish.status, wish.capacity));
  }

  private keep_token(): void {
    clearTimeout(this.renewal);
    this.renewal = setTimeout(
      () => {
        this.session
          .token()
          .then((token) => this.client.refresh(token))
          .then(() => this.keep_token())
          // The desk closes with 4400 when the token ends, and the client then asks for one.
          .catch(() => undefined);
      },
      Math.min(Math.max(1_000, this.session.renew_in_ms), timer_ms_max),
    );
  }
}

export const desk_context = createContext<console_desk | undefined>(undefined);

/// The desk, and a render whenever it has changed.
export function use_desk(): console_desk {
  const desk = useContext(desk_context)!;
  use_signal(desk);
  return desk;
}
