import { emitter } from './emitter';
import type { environment } from './environment';
import { interleave, timeline } from './timeline';
import type {
  ack_frame,
  client_frame,
  desk_event,
  page_frame,
  subscription,
  summary,
  track,
} from './wire';
import type { kept_post } from './device_store';

/// `waiting`: not sent yet (offline, or it has no conversation yet); `sending`: sent, not recorded
/// yet; `sent`: recorded; `failed`: the node refused it for good, see `fault`.
export type post_state = 'waiting' | 'sending' | 'sent' | 'failed';

/// How far an own recorded message got.
export type message_state = 'sent' | 'delivered' | 'read';

export interface pending_post {
  /// Names the post before it has an `n`; stable over reloads.
  key: string;
  n: number;
  text: string;
  track: track;
  at: number;
  state: post_state;
  fault?: { code: string; message: string };
}

export interface thread_events {
  /// Anything that is shown has changed: read the fields again.
  change: void;
}

/// What a thread needs of its client.
export interface thread_host {
  readonly env: environment;
  readonly person: string;
  readonly role: 'visitor' | 'agent';
  readonly is_online: boolean;
  send(frame: client_frame): void;
  request<answer>(frame: client_frame & { id: number }): Promise<answer>;
  subscribe(thread: thread): void;
  unsubscribe(thread: thread): void;
  add_post(conversation: string, text: string, track: track): Promise<string>;
  retry_post(key: string): Promise<void>;
  discard_post(key: string): Promise<void>;
  pending_of(conversation: string): pending_post[];
  on_message(conversation: string, event: desk_event): void;
  /// The connection no longer brings what the node has.
  on_link_lost(): void;
}

const first_page = 50;
const received_ms = 1_000;
const received_events_max = 32;
const behind_ms_max = 10_000;
const read_ms = 300;
const typing_ms = 6_000;
const typing_repeat_ms = 3_000;

/// One conversation as this client has applied it.
export class thread extends emitter<thread_events> {
  summary?: summary;
  has_older = false;
  is_loading_older = false;
  /// Own public cursor, and the other side's.
  read = 0;
  peer_received = 0;
  peer_read = 0;
  /// Who is typing now, without oneself.
  typing: readonly string[] = [];
  online: ReadonlyMap<string, boolean> = new Map();
  place?: number;
  /// The public seq up to which everything was there when this client first looked.
  known_head = 0;

  private readonly public_ = new timeline();
  private readonly internal_ = new timeline();
  private has_begun_ = false;
  private is_subscribed_ = false;
  private is_mending_ = false;
  /// What the node knows this person to have, and what it knows of this device on this link.
  private received_ = 0;
  private reported_ = 0;
  private received_timer_: unknown;
  private read_timer_: unknown;
  private behind_timer_: unknown;
  private typing_until_ = new Map<string, number>();
  private typing_timer_: unknown;
  private own_typing_at_ = -Infinity;
  // Acknowledged ahead of the position: shown until their events come.
  private acked_: (pending_post & { seq: number })[] = [];
  private events_?: desk_event[];

  constructor(
    readonly conversation: string,
    private readonly host_: thread_host,
  ) {
    super();
  }

  /// Applied events of both tracks in the order in which they are shown; a new array per change.
  get events(): readonly desk_event[] {
    return (this.events_ ??= interleave(this.public_, this.internal_));
  }

  /// Own posts that are not in `events` yet, in order.
  get pending(): readonly pending_post[] {
    return [...this.acked_, ...this.host_.pending_of(this.conversation)];
  }

  /// The last public seq that was applied.
  get position(): number {
    return this.public_.position;
  }

  /// False until the events up to the first known head have been applied: show a skeleton.
  get is_loaded(): boolean {
    return this.has_begun_ && this.position >= this.known_head;
  }

  /// Messages of others beyond the own cursor, as far as they were applied.
  get unread(): number {
    return this.public_.events.filter(
      (event) =>
        event.kind === 'message' && event.seq > this.read && event.author !== this.host_.person,
    ).length;
  }

  subscribe(): void {
    this.is_subscribed_ = true;
    this.reported_ = this.position;
    this.host_.subscribe(this);
  }

  unsubscribe(): void {
    this.is_subscribed_ = false;
    this.host_.env.clear_timeout(this.behind_timer_);
    this.behind_timer_ = undefined;
    this.host_.unsubscribe(this);
  }

  /// Fetches the 50 events before the first one.
  async older(): Promise<void> {
    if (this.is_loading_older || !this.has_older) return;
    this.is_loading_older = true;
    this.changed_();
    try {
      const tracks: [track, timeline][] = [
        ['public', this.public_],
        ['internal', this.internal_],
      ];
      const wanted = tracks.filter(([, line]) => line.start > 0);
      await Promise.all(wanted.map(([track, line]) => this.fetch_older_(track, line)));
    } finally {
      this.is_loading_older = false;
      this.has_older = this.public_.start > 0;
      this.changed_();
    }
  }

  /// Resolves when the post is kept on this device (not: recorded); the answer is its key.
  post(text: string, track: track = 'public'): Promise<string> {
    this.own_typing_at_ = -Infinity;
    return this.host_.add_post(this.conversation, text, track);
  }

  /// Posts a failed post again, as a new one.
  retry(key: string): Promise<void> {
    return this.host_.retry_post(key);
  }

  /// Forgets a failed post.
  discard(key: string): Promise<void> {
    return this.host_.discard_post(key);
  }

  mark_read(seq = this.position): void {
    if (seq <= this.read) return;
    this.read = seq;
    this.read_timer_ ??= this.host_.env.set_timeout(() => this.send_read_(), read_ms);
    this.changed_();
  }

  /// May be called at every key stroke.
  set_typing(on: boolean): void {
    const now = this.host_.env.now();
    const was_on = now - this.own_typing_at_ < typing_ms;
    if (on ? now - this.own_typing_at_ < typing_repeat_ms : !was_on) return;
    this.own_typing_at_ = on ? now : -Infinity;
    if (this.conversation) this.host_.send({ t: 'typing', conversation: this.conversation, on });
  }

  message_state(event: desk_event): message_state {
    if (event.seq <= this.peer_read) return 'read';
    return event.seq <= this.peer_received ? 'delivered' : 'sent';
  }

  // From here on: for the client.

  /// Where to subscribe from.
  subscription(): subscription {
    const head = this.summary?.head ?? 0;
    const internal_head = this.summary?.internal_head ?? 0;
    if (!this.has_begun_) {
      this.has_begun_ = true;
      this.known_head = head;
      this.public_.begin(Math.max(0, head - first_page));
      this.internal_.begin(Math.max(0, internal_head - first_page));
      this.has_older = this.public_.start > 0;
    }
    const { conversation } = this;
    const subscription = { conversation, after: this.position };
    if (this.host_.role === 'visitor') return subscription;
    return { ...subscription, internal_after: this.internal_.position };
  }

  on_event(event: desk_event): void {
    const line = this.line_(event.track);
    const result = line.apply(event);
    if (result === 'hole') return this.subscribe_again_(event);
    if (result === 'old') return;
    this.on_applied_(event);
  }

  /// The post of this ack was recorded as `ack.seq`.
  on_ack(ack: ack_frame, post: kept_post, device: string): void {
    const { seq, time, track } = ack;
    const line = this.line_(track);
    if (line.position === seq - 1 && (this.has_begun_ || seq === 1)) {
      const { text, n } = post;
      const named = { conversation: this.conversation, author: this.host_.person, device, n };
      this.on_event({ ...named, track, seq, time, kind: 'message', text });
    } else if (seq > line.position) {
      const { key, n, text, at } = post;
      this.acked_.push({ key, n, text, track: track ?? 'public', at, state: 'sent', seq });
      this.expect_(seq, track);
      this.changed_();
    }
  }

  on_summary(summary: summary): void {
    this.summary = summary;
    this.place = summary.status === 'queued' ? (summary.place ?? this.place) : undefined;
    this.received_ = Math.max(this.received_, summary.received);
    this.read = Math.max(this.read, summary.read);
    this.peer_received = Math.max(this.peer_received, summary.peer_received);
    this.peer_read = Math.max(this.peer_read, summary.peer_read);
    this.on_presence(summary.visitor.person, summary.visitor_online);
    this.expect_(summary.head);
    if (summary.internal_head) this.expect_(summary.internal_head, 'internal');
    this.changed_();
  }

  on_cursor(person: string, received: number, read: number): void {
    if (person === this.host_.person) {
      this.read = Math.max(this.read, read);
    } else if (person.startsWith('visitor:') !== (this.host_.role === 'visitor')) {
      this.peer_received = Math.max(this.peer_received, received);
      this.peer_read = Math.max(this.peer_read, read);
    }
    this.changed_();
  }

  on_typing(person: string, on: boolean): void {
    if (person === this.host_.person) return;
    if (on) this.typing_until_.set(person, this.host_.env.now() + typing_ms);
    else this.typing_until_.delete(person);
    this.show_typing_();
  }

  on_presence(person: string, online: boolean): void {
    this.online = new Map(this.online).set(person, online);
    this.changed_();
  }

  on_place(place: number): void {
    this.place = place;
    this.changed_();
  }

  /// The node has stopped pushing.
  on_gap(): void {
    if (this.is_subscribed_) this.host_.subscribe(this);
  }

  /// The node's head as a ping or a summary tells it.
  on_head(seq: number): void {
    this.expect_(seq);
  }

  /// Cursors that moved while there was no connection.
  on_subscribed(): void {
    this.reported_ = this.position;
    if (this.read > (this.summary?.read ?? this.read)) this.send_read_();
    this.send_received_();
  }

  on_down(): void {
    this.is_mending_ = false;
    this.host_.env.clear_timeout(this.behind_timer_);
    this.behind_timer_ = undefined;
    this.own_typing_at_ = -Infinity;
    this.typing_until_.clear();
    this.show_typing_();
  }

  on_posts_changed(): void {
    this.changed_();
  }

  /// Another history: nothing that was applied holds any more. The answer is one's own messages.
  forget(person: string, device: string): kept_post[] {
    const own = this.events.filter((event) => event.author === person && event.device === device);
    this.public_.begin(0);
    this.internal_.begin(0);
    this.events_ = undefined;
    this.has_begun_ = false;
    this.summary = undefined;
    this.acked_ = [];
    this.known_head = this.received_ = this.reported_ = this.read = 0;
    this.peer_received = this.peer_read = 0;
    this.changed_();
    return own.flatMap((event) =>
      event.kind !== 'message'
        ? []
        : {
            key: this.host_.env.random_id(),
            conversation: this.conversation,
            n: 0,
            text: event.text,
            track: event.track ?? 'public',
            at: event.time,
            was: { device, n: event.n! },
          },
    );
  }

  private line_(track: track | undefined): timeline {
    return track === 'internal' ? this.internal_ : this.public_;
  }

  private on_applied_(event: desk_event): void {
    const { author, track, seq } = event;
    this.is_mending_ = false;
    this.events_ = undefined;
    this.acked_ = this.acked_.filter(
      (post) => post.track !== (track ?? 'public') || post.seq > this.line_(track).position,
    );
    this.host_.env.clear_timeout(this.behind_timer_);
    this.behind_timer_ = undefined;
    this.expect_(this.summary?.head ?? 0);
    if (this.typing_until_.delete(author)) this.show_typing_();
    if (track !== 'internal') this.on_position_();
    this.changed_();
    const is_new = track === 'internal' || seq > this.known_head;
    if (is_new && event.kind === 'message' && author !== this.host_.person) {
      this.host_.on_message(this.conversation, event);
    }
  }

  // A head that lies ahead while nothing arrives is a lost link.
  private expect_(seq: number, track?: track): void {
    const is_behind = this.is_subscribed_ && this.has_begun_ && seq > this.line_(track).position;
    if (!is_behind || this.behind_timer_ !== undefined || !this.host_.is_online) return;
    this.behind_timer_ = this.host_.env.set_timeout(() => {
      this.behind_timer_ = undefined;
      this.host_.on_link_lost();
    }, behind_ms_max);
  }

  // One subscription per hole: until something is applied, the hole's later events change nothing.
  private subscribe_again_(event: desk_event): void {
    if (!this.is_subscribed_) return;
    if (!this.is_mending_) this.host_.subscribe(this);
    this.is_mending_ = true;
    this.expect_(event.seq, event.track);
  }

  private on_position_(): void {
    const { env } = this.host_;
    if (this.position - this.reported_ >= received_events_max) return this.send_received_();
    this.received_timer_ ??= env.set_timeout(() => this.send_received_(), received_ms);
  }

  private send_received_(): void {
    this.host_.env.clear_timeout(this.received_timer_);
    this.received_timer_ = undefined;
    const is_news = this.position > this.reported_ || this.position > this.received_;
    if (!is_news || !this.host_.is_online) return;
    this.received_ = Math.max(this.received_, this.position);
    this.reported_ = this.position;
    this.host_.send({ t: 'received', conversation: this.conversation, seq: this.position });
  }

  private send_read_(): void {
    this.host_.env.clear_timeout(this.read_timer_);
    this.read_timer_ = undefined;
    this.host_.send({ t: 'read', conversation: this.conversation, seq: this.read });
  }

  private show_typing_(): void {
    const { env } = this.host_;
    env.clear_timeout(this.typing_timer_);
    const now = env.now();
    for (const [person, until] of this.typing_until_) {
      if (until <= now) this.typing_until_.delete(person);
    }
    this.typing = [...this.typing_until_.keys()];
    if (this.typing.length > 0) {
      const first = Math.min(...this.typing_until_.values());
      this.typing_timer_ = env.set_timeout(() => this.show_typing_(), first - now);
    }
    this.changed_();
  }

  private async fetch_older_(track: track, line: timeline): Promise<void> {
    const { conversation } = this;
    const page = await this.host_.request<page_frame>({
      t: 'history',
      id: 0,
      conversation,
      track,
      before: line.start + 1,
      limit: first_page,
    });
    line.prepend(page.events.map((event) => ({ ...event, conversation, track })));
    this.events_ = undefined;
  }

  private changed_(): void {
    this.emit('change', undefined);
  }
}
