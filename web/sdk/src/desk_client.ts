import type { client_events, client_options } from './client_options';
import { emitter } from './emitter';
import { browser_environment, type environment } from './environment';
import { link, type connection_state, type credentials } from './link';
import { outbox } from './outbox';
import { find_recorded } from './recorded';
import { requests } from './requests';
import { files } from './files';
import type { kept_post } from './device_store';
import { pending_changes, pending_posts } from './pending';
import { subscriber } from './subscriber';
import { thread, type thread_host } from './thread';
import type {
  agent_line,
  client_frame,
  counts,
  desk_event,
  inbox,
  list_view,
  listed_frame,
  roster_frame,
  routing,
  routing_status,
  server_frame,
  summary,
  welcome_frame,
} from './wire';

export type { client_events, client_options } from './client_options';

/// One person's view of the desk over one connection, which it keeps alive by itself.
export class desk_client extends emitter<client_events> {
  person = '';
  name = '';
  inbox?: inbox;
  role?: string;
  me?: routing;
  tier = 0;
  counts?: counts;
  text_bytes_max = 32_768;
  unsent = 0;
  /// Sends files, and fetches them.
  readonly files: files;
  /// The conversations that concern this person now.
  readonly roster = new Map<string, summary>();
  /// Every open conversation, while watching.
  readonly desk = new Map<string, summary>();
  /// Visitors: what the next first post opens; undefined while a conversation is open.
  next_conversation?: string;

  private readonly env_: environment;
  private readonly link_: link;
  private readonly requests_: requests;
  private readonly subscriber_: subscriber;
  private readonly threads_ = new Map<string, thread>();
  private readonly subscribed_ = new Set<thread>();
  // Summaries of conversations that are on neither list, as `list` has told them.
  private readonly known_ = new Map<string, summary>();
  private outbox_?: outbox;
  private opening_?: Promise<outbox>;
  private current_?: string;
  private history_ = '';
  private clock_ahead_ms_ = 0;
  private is_watching_ = false;
  private is_roster_complete_ = false;
  private is_renewing_ = false;
  // Named by the roster pages since the last welcome.
  private listed_ = new Set<string>();
  private readonly host_: thread_host;

  constructor(private readonly options_: client_options) {
    super();
    this.env_ = options_.environment ?? browser_environment();
    this.requests_ = new requests(this.env_, (frame) => this.link_.send(frame));
    this.subscriber_ = new subscriber(this.env_, (frame) => this.link_.send(frame));
    this.link_ = new link(this.env_, options_.url, options_.client ?? 'web', {
      credentials: (refused) => this.credentials_(refused),
      on_frame: (frame) => this.on_frame_(frame),
      on_down: () => this.on_down_(),
      on_state: (state) => this.emit('state', state),
    });
    this.files = new files(this.env_, {
      url: options_.url,
      token: async () => (await this.credentials_(false)).token,
      outbox: () => this.open_outbox_(),
      on_progress: (conversation) => this.threads_.get(conversation)?.on_posts_changed(),
    });
    this.host_ = this.make_host_();
  }

  get state(): connection_state {
    return this.link_.state;
  }

  /// Visitors: the conversation to show: the open one, else the one that a post is on its way to,
  /// else the last one that was open.
  get current(): string | undefined {
    return this.current_;
  }

  connect(): void {
    this.link_.start();
  }

  close(): void {
    this.link_.stop();
    this.outbox_?.close();
    this.outbox_ = this.opening_ = undefined;
  }

  /// The node's time, from this machine's clock and the last `welcome`.
  now(): number {
    return this.env_.now() + this.clock_ahead_ms_;
  }

  /// Always the same object for the same conversation. Visitors may pass 'next': its posts go to
  /// the open conversation, or open the next one.
  thread(conversation: string): thread {
    const id = conversation === 'next' ? '' : conversation;
    let found = this.threads_.get(id);
    if (!found) {
      found = new thread(id, this.host_);
      this.threads_.set(id, found);
      const summary = this.summary(id);
      if (summary) found.on_summary(summary);
    }
    return found;
  }

  summary(conversation: string): summary | undefined {
    return (
      this.roster.get(conversation) ?? this.desk.get(conversation) ?? this.known_.get(conversation)
    );
  }

  async refresh(token: string): Promise<void> {
    await this.requests_.ask({ t: 'refresh', id: 0, token });
  }

  async set_status(status: routing_status, capacity?: number): Promise<void> {
    await this.requests_.ask({ t: 'status', id: 0, status, capacity });
  }

  /// Kept over reconnects.
  async watch(on: boolean): Promise<void> {
    this.is_watching_ = on;
    if (!on) this.desk.clear();
    await this.requests_.ask({ t: 'watch', id: 0, on });
  }

  async list(view: list_view, after?: string, limit = 50): Promise<listed_frame> {
    const page = await this.requests_.ask<listed_frame>({ t: 'list', id: 0, view, after, limit });
    this.counts = page.counts;
    for (const item of page.items) this.on_summary_(this.known_, item);
    return page;
  }

  async agents(): Promise<agent_line[]> {
    return (await this.requests_.ask<{ agents: agent_line[] }>({ t: 'agents', id: 0 })).agents;
  }

  async transfer(conversation: string, to: string): Promise<void> {
    await this.requests_.ask({ t: 'transfer', id: 0, conversation, to });
  }

  async give_back(conversation: string): Promise<void> {
    await this.requests_.ask({ t: 'return', id: 0, conversation });
  }

  async close_conversation(conversation: string): Promise<void> {
    await this.requests_.ask({ t: 'close', id: 0, conversation });
  }

  private async credentials_(refused: boolean): Promise<credentials> {
    const { token } = this.options_;
    const given = typeof token === 'string' ? token : await token(refused);
    const { device, seat } = await this.open_outbox_();
    return { token: given, device, seat };
  }

  private async open_outbox_(): Promise<outbox> {
    this.opening_ ??= outbox.open(this.env_, this.options_.account, {
      send: (frame) => this.link_.send(frame),
      target: () => this.target_(),
      on_ended: (conversation) => this.on_ended_(conversation),
      on_posts_changed: () => this.on_posts_changed_(),
      on_numbers_lost: () => void this.renew_(this.history_, this.person),
    });
    this.outbox_ = await this.opening_;
    return this.outbox_;
  }

  // One line per frame, in the order of docs/wire.md.
  private on_frame_(frame: server_frame): void {
    switch (frame.t) {
      case 'welcome':
        return void this.on_welcome_(frame);
      case 'roster':
        return this.on_roster_(frame);
      case 'event':
        return this.on_event_(frame);
      case 'ack':
        return this.on_ack_(frame);
      case 'page':
      case 'listed':
      case 'agents':
      case 'done':
        return this.requests_.on_answer(frame);
      case 'cursor':
        return this.threads_
          .get(frame.conversation)
          ?.on_cursor(frame.person, frame.received, frame.read);
      case 'typing':
        return this.threads_.get(frame.conversation)?.on_typing(frame.person, frame.on, frame.text);
      case 'presence':
        return this.threads_.get(frame.conversation)?.on_presence(frame.person, frame.online);
      case 'place':
        return this.threads_.get(frame.conversation)?.on_place(frame.place);
      case 'me':
        this.me = frame;
        return this.emit('me', frame);
      case 'desk':
        return this.on_desk_(frame);
      case 'gap':
        return this.threads_.get(frame.conversation)?.on_gap();
      case 'ping':
        return this.on_ping_(frame.heads);
      case 'mode':
        this.tier = frame.tier;
        return this.emit('tier', frame.tier);
      case 'fault':
        return this.on_fault_(frame);
    }
  }

  private async on_welcome_(frame: welcome_frame): Promise<void> {
    const outbox = this.outbox_!;
    this.requests_.on_up();
    Object.assign(this, { name: frame.name, inbox: frame.inbox, role: frame.role, me: frame.me });
    this.clock_ahead_ms_ = frame.time - this.env_.now();
    this.tier = frame.tier;
    this.text_bytes_max = frame.limits.text_bytes;
    this.files.on_limit(frame.limits.file_bytes);
    outbox.unacked_max = frame.limits.posts_unacked;
    this.is_roster_complete_ = false;
    this.listed_ = new Set();
    const is_known =
      (outbox.history ?? frame.history) === frame.history &&
      (outbox.person ?? frame.person) === frame.person &&
      (this.history_ || frame.history) === frame.history;
    if (!is_known) return this.renew_(frame.history, frame.person);
    this.person = frame.person;
    this.history_ = frame.history;
    await outbox.settle_in(frame);
    if (this.state.name !== 'online') return;
    outbox.on_online();
    this.files.on_online(outbox);
  }

  // Numbers or history no longer fit: a new device reads again, and posts again what is not there.
  private async renew_(history: string, person: string): Promise<void> {
    if (this.is_renewing_) return;
    this.is_renewing_ = true;
    const outbox = this.outbox_!;
    const is_same_person = !this.person || this.person === person;
    const lost = [];
    if (this.history_ !== history || !is_same_person) {
      for (const thread of this.threads_.values())
        lost.push(...thread.forget(this.person, outbox.device));
      this.known_.clear();
      this.roster.clear();
      this.next_conversation = undefined;
      this.current_ = undefined;
    }
    this.history_ = history;
    this.person = person;
    await outbox.renew(history, person, is_same_person ? lost : []);
    this.is_renewing_ = false;
    this.link_.restart();
  }

  private on_roster_(frame: roster_frame): void {
    if (this.is_renewing_) return;
    for (const item of frame.items) {
      this.listed_.add(item.conversation);
      this.on_summary_(this.roster, item);
    }
    for (const conversation of frame.removed ?? []) this.roster.delete(conversation);
    const open = [...this.roster.values()].find((item) => item.status !== 'closed');
    this.next_conversation = frame.next ?? (open ? undefined : this.next_conversation);
    if (this.options_.role === 'visitor') this.follow_(frame.items, open);
    if (!frame.more && !this.is_roster_complete_) this.on_roster_complete_();
    void this.outbox_?.number_waiting();
    this.emit('roster', undefined);
  }

  // A visitor has few conversations and is subscribed to all of them.
  private follow_(items: summary[], open: summary | undefined): void {
    for (const item of items) {
      const thread = this.thread(item.conversation);
      if (!this.subscribed_.has(thread)) thread.subscribe();
    }
    this.current_ = open?.conversation ?? this.current_ ?? items[items.length - 1]?.conversation;
  }

  private on_roster_complete_(): void {
    this.is_roster_complete_ = true;
    for (const conversation of [...this.roster.keys()]) {
      if (!this.listed_.has(conversation)) this.roster.delete(conversation);
    }
    this.subscriber_.ask(this.subscribed_);
    for (const thread of this.subscribed_) thread.on_subscribed();
    if (this.is_watching_) void this.watch(true).catch(() => {});
    void this.look_for_carried_();
    void this.look_for_orphans_();
  }

  private on_event_(event: desk_event): void {
    if (event.device === this.outbox_?.device) this.settle_(event.conversation, event.n);
    this.threads_.get(event.conversation)?.on_event(event);
  }

  private on_ack_(ack: Extract<server_frame, { t: 'ack' }>): void {
    const post = this.settle_(ack.conversation, ack.n);
    if (!post) return;
    const thread = this.thread(ack.conversation);
    thread.on_ack(ack, post, this.outbox_!.device);
    const is_opening = this.options_.role === 'visitor' && !this.subscribed_.has(thread);
    if (is_opening) thread.subscribe();
  }

  private settle_(conversation: string, n: number | undefined): kept_post | undefined {
    const post = this.outbox_?.settle(conversation, n);
    this.files.on_settled(post);
    return post;
  }

  private on_desk_(frame: Extract<server_frame, { t: 'desk' }>): void {
    if (!this.is_watching_) return;
    this.counts = frame.counts;
    for (const item of frame.items) this.on_summary_(this.desk, item);
    for (const conversation of frame.removed) this.desk.delete(conversation);
    this.emit('desk', { items: frame.items, removed: frame.removed });
  }

  private on_summary_(list: Map<string, summary>, item: summary): void {
    list.set(item.conversation, item);
    this.threads_.get(item.conversation)?.on_summary(item);
  }

  private on_ping_(heads: Record<string, number>): void {
    for (const [conversation, head] of Object.entries(heads)) {
      this.threads_.get(conversation)?.on_head(head);
    }
    void this.look_for_orphans_();
  }

  private on_fault_(frame: Extract<server_frame, { t: 'fault' }>): void {
    const { conversation, n, id } = frame;
    if (id !== undefined) return this.requests_.on_fault(frame);
    if (conversation !== undefined && n !== undefined) {
      this.outbox_?.on_fault({ ...frame, conversation, n });
    } else if (frame.code === 'rate_limited') {
      this.subscriber_.on_refused(this.subscribed_, frame.retry_after_ms ?? 1_000);
    }
  }

  private on_down_(): void {
    this.outbox_?.on_down();
    this.files.on_down();
    this.requests_.on_down();
    this.subscriber_.on_down();
    for (const thread of this.threads_.values()) thread.on_down();
  }

  private on_posts_changed_(): void {
    const posts = this.outbox_?.posts ?? [];
    const unsent = posts.filter((post) => !post.fault).length;
    this.files.on_posts_changed();
    if (this.options_.role === 'visitor') this.follow_posts_();
    for (const thread of this.threads_.values()) thread.on_posts_changed();
    if (unsent === this.unsent) return;
    this.unsent = unsent;
    this.emit('unsent', unsent);
    if (unsent === 0) void this.look_for_orphans_();
  }

  private follow_posts_(): void {
    const is_going = (post: kept_post) => post.n > 0 || (post.file && post.conversation);
    const going = this.outbox_!.posts.filter((post) => is_going(post) && !post.fault).pop();
    const shown = this.current_ && this.roster.get(this.current_);
    const is_open = shown !== undefined && shown !== '' && shown.status !== 'closed';
    if (!going || is_open || going.conversation === this.current_) return;
    this.current_ = going.conversation;
    this.emit('roster', undefined);
  }

  // Where a visitor's post without a conversation goes.
  private target_(): string | undefined {
    const open = [...this.roster.values()].find((item) => item.status !== 'closed');
    return open?.conversation ?? this.next_conversation;
  }

  private on_ended_(conversation: string): boolean {
    if (this.options_.role !== 'visitor') return false;
    const summary = this.roster.get(conversation);
    if (summary) this.roster.set(conversation, { ...summary, status: 'closed' });
    if (this.next_conversation === conversation) this.next_conversation = undefined;
    return true;
  }

  private async look_for_orphans_(): Promise<void> {
    const is_free = this.is_roster_complete_ && !this.is_renewing_ && this.unsent === 0;
    if (is_free && (await this.outbox_?.adopt_orphan())) this.link_.restart();
  }

  // Posts of a device that was given up: whatever history shows was recorded under the old name.
  private async look_for_carried_(): Promise<void> {
    const outbox = this.outbox_!;
    const carried = outbox.posts.filter((post) => post.was && !post.fault);
    if (carried.length === 0) return;
    try {
      const found = await find_recorded(this.requests_, carried);
      await outbox.on_history_read(carried, found);
    } catch {
      // The connection went down; the next one looks again.
    }
  }

  private make_host_(): thread_host {
    const client = this;
    return {
      env: this.env_,
      role: this.options_.role,
      get person() {
        return client.person;
      },
      get is_online() {
        return client.state.name === 'online';
      },
      send: (frame: client_frame) => this.link_.send(frame),
      request: (frame) => this.requests_.ask(frame),
      subscribe: (thread) => {
        this.subscribed_.add(thread);
        if (this.is_roster_complete_) this.subscriber_.ask([thread]);
      },
      unsubscribe: (thread) => {
        this.subscribed_.delete(thread);
        this.subscriber_.forget(thread);
        this.link_.send({ t: 'unsub', conversations: [thread.conversation] });
      },
      get shows_typing() {
        return client.options_.role === 'visitor' && !!client.inbox?.typing_preview;
      },
      add_post: async (conversation, body, file) => {
        const whole = file ? { ...body, ...(await this.files.keep(file)) } : body;
        return (await this.open_outbox_()).add(conversation, whole);
      },
      retry_post: async (key) => (await this.open_outbox_()).retry(key),
      discard_post: async (key) => this.files.on_settled(await this.discard_(key)),
      pending_of: (name) => pending_posts(this.outbox_, name, (key) => this.files.sent(key)),
      changes_of: (conversation) => pending_changes(this.outbox_, conversation),
      on_message: (conversation, event) => this.emit('message', { conversation, event }),
      on_link_lost: () => this.link_.restart(),
    };
  }

  private async discard_(key: string): Promise<kept_post | undefined> {
    const outbox = await this.open_outbox_();
    const post = outbox.posts.find((each) => each.key === key);
    await outbox.discard(key);
    return outbox.posts.some((each) => each.key === key) ? undefined : post;
  }
}
