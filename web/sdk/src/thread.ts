import { emitter } from './emitter';
import type { environment } from './environment';
import type { kept_post } from './device_store';
import {
  changes_of,
  fold,
  message_now,
  type changes,
  type pending_change,
  type shown_event,
  type shown_message,
} from './folding';
import { lost_posts } from './lost_posts';
import type { new_post } from './outbox';
import { sent_change, sent_post, type pending_post } from './pending';
import {
  deleted,
  edited,
  said,
  type outgoing_file,
  type post_options,
  type trace_options,
} from './posting';
import { quoted } from './quoted';
import { interleave, timeline } from './timeline';
import { others_typing, own_typing } from './typing';
import type {
  ack_frame,
  client_frame,
  desk_event,
  message_event,
  page_frame,
  subscription,
  summary,
  track,
} from './wire';

/// How far an own recorded message got.
export type message_state = 'sent' | 'delivered' | 'read';

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
  /// Agents may see what is typed here.
  readonly shows_typing: boolean;
  add_post(conversation: string, body: new_post, file?: outgoing_file): Promise<string>;
  retry_post(key: string): Promise<void>;
  discard_post(key: string): Promise<void>;
  pending_of(conversation: string): pending_post[];
  changes_of(conversation: string): pending_change[];
  on_message(conversation: string, event: desk_event): void;
  /// The connection no longer brings what the node has.
  on_link_lost(): void;
}

const first_page = 50;
const received_ms = 1_000;
const received_events_max = 32;
const behind_ms_max = 10_000;
const read_ms = 300;

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
  private readonly others_typing_: others_typing;
  private readonly own_typing_: own_typing;
  // Acknowledged ahead of the position: shown until their events come.
  private acked_: (pending_post & { seq: number })[] = [];
  private acked_changes_: (pending_change & { seq: number })[] = [];
  private events_?: shown_event[];
  private changes_: changes = new Map();
  // Messages before the first one here that others answer.
  private readonly quoted_: quoted;

  constructor(
    readonly conversation: string,
    private readonly host_: thread_host,
  ) {
    super();
    this.quoted_ = new quoted(conversation, host_, () => this.changed_());
    this.others_typing_ = new others_typing(host_.env, (typing) => {
      this.typing = typing;
      this.changed_();
    });
    this.own_typing_ = new own_typing(host_.env, (on, text) => {
      if (conversation) host_.send({ t: 'typing', conversation, on, text });
    });
  }

  /// What was applied of both tracks, in the order in which it is shown; a new array per change.
  /// Edits and deletions are no lines of their own: the messages say what they say now.
  get events(): readonly shown_event[] {
    if (!this.events_) {
      const all = interleave(this.public_, this.internal_);
      const own = [...this.acked_changes_, ...this.host_.changes_of(this.conversation)];
      this.changes_ = changes_of(all, own);
      this.events_ = fold(all, this.changes_);
    }
    return this.events_;
  }

  /// The message at a place, as it reads now. One that is older than what is here is fetched, and
  /// `change` tells when it has come; undefined until then, and if there is none.
  message(seq: number, track: track = 'public'): shown_message | undefined {
    const line = this.line_(track);
    const here = line.events[seq - line.start - 1];
    const known = here ?? (this.has_begun_ ? this.quoted_.get(seq, track) : undefined);
    if (known?.kind !== 'message') return undefined;
    void this.events;
    return message_now(known, this.changes_);
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
    return this.events.filter(
      (event) =>
        event.kind === 'message' &&
        event.track !== 'internal' &&
        event.seq > this.read &&
        event.author !== this.host_.person &&
        !event.deleted,
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
  post(text: string, options: post_options = {}): Promise<string> {
    this.own_typing_.reset();
    return this.host_.add_post(this.conversation, said(text, options));
  }

  /// Resolves when the file is kept on this device; it is uploaded and then posted, with what is
  /// said about it. Rejects with `too_large` or `too_many_files`.
  post_file(file: outgoing_file, text = '', options: post_options = {}): Promise<string> {
    this.own_typing_.reset();
    return this.host_.add_post(this.conversation, said(text, options), file);
  }

  /// Gives an own message other words. It shows them at once, with `change` until it is recorded.
  edit(message: message_event, text: string, options: trace_options = {}): Promise<string> {
    return this.host_.add_post(this.conversation, edited(message, text, options));
  }

  /// Takes the words and the file of a message away, for everybody and for good.
  remove(message: message_event, options: trace_options = {}): Promise<string> {
    return this.host_.add_post(this.conversation, deleted(message, options));
  }

  /// Posts a failed post again, as a new one.
  retry(key: string): Promise<void> {
    return this.host_.retry_post(key);
  }

  /// Forgets a failed post, or one whose file is still being uploaded.
  discard(key: string): Promise<void> {
    return this.host_.discard_post(key);
  }

  mark_read(seq = this.position): void {
    if (seq <= this.read) return;
    this.read = seq;
    this.read_timer_ ??= this.host_.env.set_timeout(() => this.send_read_(), read_ms);
    this.changed_();
  }

  /// May be called at every key stroke. What a visitor has typed is only told where agents are
  /// shown it.
  set_typing(on: boolean, text?: string): void {
    this.own_typing_.set(on, this.host_.shows_typing ? text : undefined);
  }

  /// What somebody who is typing has typed so far, if the desk tells.
  typing_text(person: string): string | undefined {
    return this.others_typing_.text(person);
  }

  message_state(event: { seq: number }): message_state {
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
    const is_next = line.position === seq - 1 && (this.has_begun_ || seq === 1);
    if (is_next && !post.file) {
      // The ack does not say what a note follows; what is here is what its author saw above it.
      const follows = track === 'internal' ? this.position : undefined;
      this.on_event({ ...this.event_of_(post, device), track, seq, time, follows });
    } else if (seq > line.position) {
      const change = sent_change(post);
      if (change) this.acked_changes_.push({ ...change, seq });
      else this.acked_.push(sent_post(post, seq));
      this.events_ = undefined;
      // What a file is, only its event says.
      if (is_next && this.is_subscribed_) this.host_.subscribe(this);
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

  on_typing(person: string, on: boolean, text?: string): void {
    if (person !== this.host_.person) this.others_typing_.set(person, on, text);
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
    this.own_typing_.reset();
    this.quoted_.on_down();
    this.others_typing_.forget();
  }

  on_posts_changed(): void {
    this.events_ = undefined;
    this.changed_();
  }

  /// Another history: nothing that was applied holds any more. The answer is one's own posts.
  forget(person: string, device: string): kept_post[] {
    const { conversation } = this;
    const all = [...this.public_.events, ...this.internal_.events];
    const by = { person, device };
    const lost = lost_posts(all, by, changes_of(all, []), () => this.host_.env.random_id());
    this.public_.begin(0);
    this.internal_.begin(0);
    this.events_ = undefined;
    this.has_begun_ = false;
    this.summary = undefined;
    this.acked_ = [];
    this.acked_changes_ = [];
    this.quoted_.forget();
    this.known_head = this.received_ = this.reported_ = this.read = 0;
    this.peer_received = this.peer_read = 0;
    this.changed_();
    return lost.map((post) => ({ ...post, conversation }));
  }

  private line_(track: track | undefined): timeline {
    return track === 'internal' ? this.internal_ : this.public_;
  }

  private on_applied_(event: desk_event): void {
    const { author, track, seq } = event;
    this.is_mending_ = false;
    this.events_ = undefined;
    const is_ahead = (post: { track: track; seq: number }) =>
      post.track !== (track ?? 'public') || post.seq > this.line_(track).position;
    this.acked_ = this.acked_.filter(is_ahead);
    this.acked_changes_ = this.acked_changes_.filter(is_ahead);
    this.host_.env.clear_timeout(this.behind_timer_);
    this.behind_timer_ = undefined;
    this.expect_(this.summary?.head ?? 0);
    this.others_typing_.set(author, false);
    if (track !== 'internal') this.on_position_();
    this.changed_();
    const is_new = track === 'internal' || seq > this.known_head;
    if (is_new && event.kind === 'message' && !event.deleted && author !== this.host_.person) {
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

  private event_of_(post: kept_post, device: string) {
    const { text, n, reply_to, edits, deletes } = post;
    const named = { conversation: this.conversation, author: this.host_.person, device, n };
    if (edits !== undefined) return { ...named, kind: 'edited' as const, target: edits, text };
    if (deletes !== undefined) return { ...named, kind: 'deleted' as const, target: deletes };
    return { ...named, kind: 'message' as const, text, reply_to };
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
