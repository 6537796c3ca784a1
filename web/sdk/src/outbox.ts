import { claim_device, claim_fresh, claim_orphan, type device_claim } from './device_claim';
import type { device_record, device_store, kept_file, kept_post } from './device_store';
import type { environment } from './environment';
import type { client_frame, fault_frame, post_body, post_frame, welcome_frame } from './wire';

/// What is to be posted, before it has a name.
export type new_post = post_body &
  Pick<kept_post, 'file' | 'target_time' | 'traceparent'> & { key?: string };

export interface outbox_owner {
  send(frame: client_frame): void;
  /// Which conversation a post without one goes to; undefined while that is unknown.
  target(): string | undefined;
  /// The node takes no posts to this conversation, since it is closed or gone; true if they may go
  /// to `target()` instead.
  on_ended(conversation: string): boolean;
  on_posts_changed(): void;
  /// The numbers of this device no longer agree with the node's: a new device is needed.
  on_numbers_lost(): void;
}

/// What is on its way in one conversation.
interface lane {
  /// Posts up to this number have been sent on this connection.
  sent_to: number;
  tries: number;
  resend?: unknown;
  hold?: unknown;
}

const resend_ms = 10_000;
// A refused post drags the ones behind it into out_of_order; this long their answers may come in
// before all are sent again, so that each answer does not start a round of its own.
const regroup_ms = 200;
const hold_ms_min = 1_000;
const hold_ms_max = 20_000;

// Final answers that use up the number; the other final ones leave it to the next post.
const consuming = new Set([
  'empty_text',
  'text_too_long',
  'text_not_clean',
  'unknown_message',
  'unknown_file',
  'quarantined',
  'conversation_closed',
]);

const ended = new Set(['conversation_closed', 'unknown_conversation']);

/// The unsent posts of this device: kept on disk before they are sent, sent in order of `n`, and
/// sent again under the same number until the node has answered for good.
export class outbox {
  unacked_max = 32;
  private claim_: device_claim;
  private is_online_ = false;
  private renewal_?: Promise<void>;
  private readonly lanes_ = new Map<string, lane>();
  // Answered, but the record on disk does not say so yet.
  private readonly settled_ = new Set<string>();

  static async open(env: environment, account: string, owner: outbox_owner): Promise<outbox> {
    const store = await env.store();
    return new outbox(env, store, owner, await claim_device(env, store, account));
  }

  private constructor(
    private readonly env_: environment,
    private readonly store_: device_store,
    private readonly owner_: outbox_owner,
    claim: device_claim,
  ) {
    this.claim_ = claim;
  }

  get device(): string {
    return this.claim_.record.device;
  }

  get history(): string | undefined {
    return this.claim_.record.history;
  }

  get seat(): string | undefined {
    return this.claim_.record.seat;
  }

  get person(): string | undefined {
    return this.claim_.record.person;
  }

  get posts(): kept_post[] {
    return this.claim_.record.posts.filter((post) => !this.settled_.has(post.key));
  }

  find(conversation: string, n: number | undefined): kept_post | undefined {
    return this.posts.find((post) => post.conversation === conversation && post.n === n);
  }

  is_sent(post: kept_post): boolean {
    return post.n > 0 && post.n <= (this.lanes_.get(post.conversation)?.sent_to ?? 0);
  }

  /// Resolves when the post is on disk.
  async add(conversation: string, body: new_post): Promise<string> {
    const key = body.key ?? this.env_.random_id();
    const post = { ...body, key, conversation, n: 0, at: this.env_.now() };
    await this.change_((record) => {
      record.posts.push(post);
      this.number_(record);
    });
    // Its conversation may have become known meanwhile, when nobody saw that it waits.
    if (this.owner_.target()) await this.number_waiting();
    return key;
  }

  /// Puts a refused post behind all others, under a new number.
  retry(key: string): Promise<void> {
    return this.change_((record) => {
      const post = record.posts.find((each) => each.key === key && each.fault);
      if (!post) return;
      record.posts = record.posts.filter((each) => each !== post);
      // Whatever a file was refused for, it is uploaded anew.
      const file = post.file && not_begun(post.file);
      record.posts.push({ ...post, n: 0, fault: undefined, at: this.env_.now(), file });
      this.number_(record);
    });
  }

  /// Forgets a refused post, or one whose file is still on its way.
  discard(key: string): Promise<void> {
    return this.change_((record) => {
      const is_free = (post: kept_post) => post.fault || (post.file && post.n === 0);
      record.posts = record.posts.filter((each) => each.key !== key || !is_free(each));
    });
  }

  /// How far the upload of a post's file is.
  change_file(key: string, change: Partial<kept_file>): Promise<void> {
    return this.change_((record) => {
      const post = record.posts.find((each) => each.key === key);
      if (post?.file) Object.assign(post.file, change);
      this.number_(record);
    });
  }

  /// Its file cannot be uploaded.
  refuse_file(key: string, fault: { code: string; message: string }): Promise<void> {
    return this.change_((record) => {
      const post = record.posts.find((each) => each.key === key && each.n === 0);
      if (!post) return;
      const may_move = ended.has(fault.code) && this.owner_.on_ended(post.conversation);
      if (may_move) Object.assign(post, { conversation: '', file: not_begun(post.file!) });
      else post.fault = fault;
      this.number_(record);
    });
  }

  /// Where a post goes, or would go now.
  target_of(post: kept_post): string | undefined {
    return post.conversation || this.owner_.target();
  }

  /// Gives numbers to the posts whose conversation has become known.
  async number_waiting(): Promise<void> {
    if (this.posts.some((post) => post.n === 0 && !post.fault && !post.was)) {
      await this.change_((record) => this.number_(record));
    }
  }

  /// Says who the node takes this device for; reads what other tabs without locks have added.
  settle_in({ history, person, seat }: welcome_frame): Promise<void> {
    return this.change_((record) => {
      record.history = history;
      record.person = person;
      record.seat = seat;
    });
  }

  on_online(): void {
    this.is_online_ = true;
    this.pump_();
  }

  on_down(): void {
    this.is_online_ = false;
    for (const lane of this.lanes_.values()) this.clear_(lane);
    this.lanes_.clear();
  }

  /// The post was recorded, says an ack or its event. Answers with it the first time.
  settle(conversation: string, n: number | undefined): kept_post | undefined {
    const post = this.find(conversation, n);
    if (!post || post.n === 0) return undefined;
    this.settled_.add(post.key);
    const lane = this.lane_(conversation);
    lane.tries = 0;
    this.arm_(conversation, lane);
    void this.change_((record) => {
      record.posts = record.posts.filter((each) => each.key !== post.key);
    }).finally(() => this.settled_.delete(post.key));
    return post;
  }

  on_fault(fault: fault_frame & { conversation: string; n: number }): void {
    const post = this.find(fault.conversation, fault.n);
    if (!post || post.fault) return;
    const lane = this.lane_(fault.conversation);
    if (fault.retry) {
      const ceiling = Math.min(hold_ms_max, hold_ms_min * 2 ** lane.tries++);
      lane.sent_to = Math.min(lane.sent_to, fault.n - 1);
      this.hold_(lane, fault.retry_after_ms ?? ceiling * (0.5 + this.env_.random() / 2));
    } else if (fault.code === 'out_of_order') {
      this.on_out_of_order_(lane, fault.conversation, fault.n, fault.expects ?? 0);
    } else if (fault.code === 'conflict') {
      this.owner_.on_numbers_lost();
    } else {
      void this.refuse_(fault);
    }
  }

  /// Begins a new device. What was ever sent keeps its old name in `was` until history has been
  /// looked through; `lost` are recorded posts that a restored history may lack.
  renew(history: string, person: string, lost: kept_post[]): Promise<void> {
    this.on_down();
    this.renewal_ = this.renew_(history, person, lost).finally(() => (this.renewal_ = undefined));
    return this.renewal_;
  }

  private async renew_(history: string, person: string, lost: kept_post[]): Promise<void> {
    const old = this.claim_;
    const claim = await claim_fresh(this.env_, old.record.account);
    claim.record = await this.store_.replace(old.record, (record) => {
      const is_same_person = !record.person || record.person === person;
      const posts = [...lost, ...record.posts.filter((post) => !this.settled_.has(post.key))];
      const is_same = { person: is_same_person, history: record.history === history };
      const carried = posts.flatMap((post) => carry(post, is_same, record.device));
      return { ...claim.record, history, person, posts: carried };
    });
    this.claim_ = claim;
    old.release();
  }

  /// History was looked through: these were there, the others may be posted under new numbers.
  async on_history_read(checked: kept_post[], found: Set<string>): Promise<void> {
    const keys = new Set(checked.map((post) => post.key));
    await this.change_((record) => {
      record.posts = record.posts.filter((post) => !found.has(post.key));
      for (const post of record.posts) if (keys.has(post.key)) delete post.was;
      this.number_(record);
    });
  }

  /// With nothing of its own to send, this tab becomes a device that lost its tab and had.
  async adopt_orphan(): Promise<boolean> {
    if (this.claim_.record.posts.length > 0) return false;
    const orphan = await claim_orphan(this.env_, this.store_, this.claim_.record);
    if (!orphan) return false;
    if (this.claim_.record.posts.length > 0) {
      orphan.release();
      return false;
    }
    this.claim_.release();
    this.claim_ = orphan;
    return true;
  }

  close(): void {
    this.on_down();
    this.claim_.release();
  }

  private async change_(change: (record: device_record) => void): Promise<void> {
    await this.renewal_;
    const claim = this.claim_;
    const record = await this.store_.update(claim.record, change);
    if (claim !== this.claim_) return;
    claim.record = record;
    this.pump_();
  }

  private number_(record: device_record): void {
    const blocked = new Set<string | undefined>([undefined]);
    for (const post of record.posts) {
      if (post.n > 0 || post.fault) continue;
      const target = this.target_of(post);
      if (post.was || blocked.has(target)) {
        blocked.add(target);
        continue;
      }
      // What is written while a file is on its way does not wait for it, and stands with it.
      if (post.file && !(post.file.is_complete && post.file.of === target)) {
        post.conversation = target!;
        continue;
      }
      post.conversation = target!;
      post.n = (record.counters[target!] ?? 0) + 1;
      record.counters[target!] = post.n;
    }
  }

  private pump_(): void {
    if (this.is_online_) this.send_sendable_();
    this.owner_.on_posts_changed();
  }

  private send_sendable_(): void {
    const sendable = this.posts.filter((post) => post.n > 0 && !post.fault);
    sendable.sort((a, b) => a.n - b.n);
    let room = this.unacked_max - sendable.filter((post) => this.is_sent(post)).length;
    for (const post of sendable) {
      const { conversation, n } = post;
      const lane = this.lane_(conversation);
      if (this.is_sent(post) || lane.hold !== undefined || room-- <= 0) continue;
      lane.sent_to = n;
      this.owner_.send(frame_of(post));
      if (lane.resend === undefined) this.arm_(conversation, lane);
    }
  }

  private on_out_of_order_(lane: lane, conversation: string, n: number, expects: number): void {
    const pending = this.unsettled_(conversation).filter((post) => post.n > 0);
    const lowest = Math.min(...pending.map((post) => post.n));
    // Either the node has forgotten numbers that it had accepted, or it has accepted more than this
    // device remembers.
    if (expects < lowest || expects > n) return this.owner_.on_numbers_lost();
    lane.sent_to = Math.min(lane.sent_to, expects - 1);
    if (lane.hold === undefined) this.hold_(lane, regroup_ms);
  }

  private async refuse_(fault: fault_frame & { conversation: string; n: number }): Promise<void> {
    const { code, message, conversation, n } = fault;
    const is_consumed = consuming.has(code);
    const may_move = ended.has(code) && this.owner_.on_ended(conversation);
    const lane = this.lane_(conversation);
    if (!is_consumed) lane.sent_to = Math.min(lane.sent_to, n - 1);
    await this.change_((record) => {
      const refused = record.posts.filter(
        (post) =>
          post.conversation === conversation &&
          !post.fault &&
          (is_consumed ? post.n === n : post.n >= n),
      );
      for (const post of refused) {
        if (may_move) Object.assign(post, { conversation: '', n: 0 });
        else post.fault = { code, message };
        if (!is_consumed) post.n = 0;
      }
      if (!is_consumed && refused.length > 0) record.counters[conversation] = n - 1;
      this.number_(record);
    });
    this.arm_(conversation, lane);
  }

  private unsettled_(conversation: string): kept_post[] {
    return this.posts.filter((post) => post.conversation === conversation && !post.fault);
  }

  private lane_(conversation: string): lane {
    const lane = this.lanes_.get(conversation) ?? { sent_to: 0, tries: 0 };
    this.lanes_.set(conversation, lane);
    return lane;
  }

  private arm_(conversation: string, lane: lane): void {
    this.env_.clear_timeout(lane.resend);
    lane.resend = undefined;
    if (!this.unsettled_(conversation).some((post) => this.is_sent(post))) return;
    lane.resend = this.env_.set_timeout(() => {
      lane.resend = undefined;
      lane.sent_to = 0;
      this.pump_();
    }, resend_ms);
  }

  private hold_(lane: lane, delay_ms: number): void {
    this.env_.clear_timeout(lane.hold);
    lane.hold = this.env_.set_timeout(() => {
      lane.hold = undefined;
      this.pump_();
    }, delay_ms);
  }

  private clear_(lane: lane): void {
    this.env_.clear_timeout(lane.resend);
    this.env_.clear_timeout(lane.hold);
  }
}

function frame_of(post: kept_post): post_frame {
  const { conversation, n, text, track, reply_to, edits, deletes, file, traceparent } = post;
  const name = { t: 'post' as const, conversation, n, track, traceparent };
  if (deletes !== undefined) return { ...name, deletes };
  return { ...name, text, reply_to, edits, file: file?.id };
}

function not_begun(file: kept_file): kept_file {
  return { ...file, id: undefined, of: undefined, is_complete: false };
}

// What is in another history stands at other places, and its files are not there.
function carry(
  post: kept_post,
  is_same: { person: boolean; history: boolean },
  device: string,
): kept_post[] {
  const changes = post.edits !== undefined || post.deletes !== undefined;
  if (!is_same.person && changes) return [];
  if (post.fault) return [{ ...post, n: 0 }];
  if (!is_same.history || !is_same.person) {
    post = { ...post, reply_to: undefined, file: post.file && not_begun(post.file) };
  }
  if (!is_same.person) return [{ ...post, conversation: '', n: 0, was: undefined }];
  if (post.n > 0) return [{ ...post, n: 0, was: { device, n: post.n } }];
  const was = post.was ?? (changes ? { device, n: 0 } : undefined);
  return [{ ...post, n: 0, was }];
}
