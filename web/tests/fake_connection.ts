import type { client_frame, desk_event, desk_file, server_frame } from '../sdk/src/wire';
import { limits, type conversation, type fake_desk } from './fake_desk';

/// One client's end at the fake desk.
export class fake_connection {
  person = '';
  device = '';
  readonly subscribed = new Set<string>();
  private is_watching_ = false;

  constructor(
    private readonly desk_: fake_desk,
    private readonly send_: (text: string) => void,
    private readonly close_: (code: number) => void,
  ) {}

  get is_agent(): boolean {
    return this.person.startsWith('agent:');
  }

  receive(text: string): void {
    const frame = JSON.parse(text) as client_frame;
    const verdict = this.desk_.on_receive(frame);
    if (verdict === 'cut') return this.cut();
    if (verdict === 'pass' && this.desk_.connections.has(this)) this.on_frame_(frame);
  }

  send(frame: server_frame): void {
    if (!this.desk_.connections.has(this)) return;
    const verdict = this.desk_.on_send(frame);
    if (verdict === 'cut') return this.cut();
    if (verdict === 'pass') this.send_(JSON.stringify(frame));
  }

  /// The other end has closed.
  gone(): void {
    this.desk_.connections.delete(this);
  }

  cut(): void {
    if (this.desk_.connections.delete(this)) this.close_(1006);
  }

  bye(code: number, reason: string, retry_after_ms?: number): void {
    this.send({ t: 'bye', code, reason, retry_after_ms });
    if (this.desk_.connections.delete(this)) this.close_(code);
  }

  ping(): void {
    const heads: Record<string, number> = {};
    for (const id of this.subscribed) {
      heads[id] = this.desk_.conversations.get(id)!.tracks.public.length;
    }
    this.send({ t: 'ping', heads });
  }

  // Who does not follow a conversation of the roster is told how far it is.
  push(event: desk_event): void {
    if (!this.subscribed.has(event.conversation)) {
      const conversation = this.desk_.conversations.get(event.conversation)!;
      const { visitor, assignee } = conversation;
      if ([visitor, assignee].includes(this.person)) this.on_summary(conversation);
      return;
    }
    if (event.track === 'internal' && !this.is_agent) return;
    this.send_event_(event);
  }

  on_summary(conversation: conversation): void {
    const item = this.desk_.summary(conversation, this.person);
    if (this.is_agent) {
      const is_open = conversation.status !== 'closed';
      if (conversation.assignee === this.person) {
        this.send({ t: 'roster', items: [item], more: false });
      } else {
        this.send({ t: 'roster', items: [], removed: [conversation.id], more: false });
      }
      if (!this.is_watching_) return;
      const items = is_open ? [item] : [];
      const removed = is_open ? [] : [conversation.id];
      this.send({ t: 'desk', items, removed, counts: this.desk_.counts(this.person) });
    } else if (conversation.visitor === this.person) {
      const next = this.desk_.next_of(this.person);
      this.send({ t: 'roster', items: [item], more: false, next });
    }
  }

  private on_frame_(frame: client_frame): void {
    switch (frame.t) {
      case 'hello':
        return this.on_hello_(frame.token, frame.device);
      case 'refresh':
        return this.send({ t: 'done', id: frame.id });
      case 'sub':
        return frame.subs.forEach((sub) =>
          this.on_sub_(sub.conversation, sub.after, sub.internal_after),
        );
      case 'unsub':
        return frame.conversations.forEach((id) => this.subscribed.delete(id));
      case 'post':
        return this.on_post_(frame);
      case 'history':
        return this.on_history_(frame);
      case 'received':
      case 'read':
        return this.on_cursor_(frame.conversation, frame.t, frame.seq);
      case 'typing':
        return this.on_typing_(frame);
      case 'status':
        return this.on_status_(frame);
      case 'watch':
        return this.on_watch_(frame.id, frame.on);
      case 'list':
        return this.on_list_(frame);
      case 'agents':
        return this.on_agents_(frame.id);
      case 'transfer':
      case 'return':
      case 'close':
        return this.on_routing_(frame);
      case 'pong':
        return;
    }
  }

  private on_hello_(token: string, device: string): void {
    if (token.startsWith('expired')) return this.bye(4400, 'token_expired');
    if (!/^(visitor|agent):[0-9a-f]{16}$/.test(token)) return this.bye(4501, 'bad_token');
    for (const each of [...this.desk_.connections]) {
      if (each !== this && each.device === device) each.bye(4508, 'replaced');
    }
    this.person = token;
    this.device = device;
    const me = this.desk_.agents.get(token);
    this.send({
      t: 'welcome',
      person: token,
      name: this.desk_.name_of(token),
      history: this.desk_.history,
      time: this.desk_.clock.now(),
      connection: '1',
      seat: this.desk_.seat,
      ping_ms: 25_000,
      limits,
      tier: this.desk_.tier,
      ...(me
        ? {
            role: this.desk_.supervisors.has(token) ? 'supervisor' : 'agent',
            me: { status: me.status, capacity: me.capacity, load: me.load },
          }
        : { inbox: this.desk_.inbox }),
    });
    const items = [...this.desk_.conversations.values()]
      .filter((each) => (this.is_agent ? each.assignee === token : each.visitor === token))
      .map((each) => this.desk_.summary(each, token))
      .filter((each) => each.status !== 'closed' || each.head > each.received);
    const next = this.is_agent ? undefined : this.desk_.next_of(token);
    this.send({ t: 'roster', items, more: false, next });
  }

  private on_sub_(id: string, after: number, internal_after?: number): void {
    const conversation = this.conversation_(id);
    if (!conversation) return this.fault_('unknown_conversation', { conversation: id });
    this.subscribed.add(id);
    for (const event of conversation.tracks.public.slice(after)) this.send_event_(event);
    if (internal_after === undefined || !this.is_agent) return;
    for (const event of conversation.tracks.internal.slice(internal_after)) this.send_event_(event);
  }

  private on_post_(frame: client_frame & { t: 'post' }): void {
    const { conversation: id, n, track = 'public' } = frame;
    const { t: _, ...body } = frame;
    const text = JSON.stringify(body);
    this.desk_.posts_seen.push({ ...frame, device: this.device });
    const name = { conversation: id, n };
    const refusal = this.desk_.refuse?.(frame);
    if (refusal) return this.send({ t: 'fault', message: refusal.code, ...refusal, ...name });
    const is_first = !this.is_agent && id === this.desk_.next_of(this.person);
    const conversation = this.conversation_(id) ?? (is_first ? this.open_(id) : undefined);
    if (!conversation) return this.fault_('unknown_conversation', name);
    const answers = conversation.answers.get(this.device) ?? [];
    conversation.answers.set(this.device, answers);
    const known = answers[n - 1];
    if (known && (known.text !== text || known.track !== track)) {
      return this.fault_('conflict', name);
    }
    if (known) return this.send(known.frame);
    if (n !== answers.length + 1) {
      return this.fault_('out_of_order', { ...name, expects: answers.length + 1 });
    }
    const answer = this.record_(conversation, frame);
    answers.push({ text, track, frame: answer });
    this.send(answer);
    if (answers.length === 1 && is_first) this.desk_.on_opened(id);
  }

  private record_(conversation: conversation, frame: client_frame & { t: 'post' }): server_frame {
    const { n, text = '', track, reply_to } = frame;
    const { id } = conversation;
    const name = { conversation: id, n };
    const fault = (code: string): server_frame => ({
      t: 'fault',
      code,
      message: code,
      retry: false,
      ...name,
    });
    const may_be_silent = frame.deletes !== undefined || frame.file !== undefined;
    if (text.trim() === '' && !may_be_silent) return fault('empty_text');
    if (text.length > limits.text_bytes) return fault('text_too_long');
    if (frame.deletes === undefined && conversation.status === 'closed') {
      if (this.desk_.clock.now() - conversation.since > this.desk_.reopen_ms) {
        return fault('conversation_closed');
      }
      this.desk_.append(id, { kind: 'reopened', author: this.person }, true);
    }
    const { device, person: author } = this;
    const follows = track === 'internal' ? conversation.tracks.public.length : undefined;
    const named = { author, device, n, track, follows };
    const target = frame.edits ?? frame.deletes ?? reply_to;
    const before = target && conversation.tracks[track ?? 'public'][target - 1];
    const is_changeable = before && before.kind === 'message' && !before.deleted;
    const may_change = is_changeable && (before.author === author || this.may_moderate_(frame));
    if (target !== undefined && !before) return fault('unknown_message');
    if (target !== reply_to && !may_change) return fault('unknown_message');
    const file = frame.file ? this.desk_.files.take(frame.file, { id, author }) : undefined;
    if (frame.file && !file) return fault('unknown_file');
    const { seq, time } = this.desk_.append(id, { ...named, ...body_of(frame, file) }, true);
    this.desk_.wipe(conversation, track ?? 'public', frame.deletes);
    if (seq === 2 && track !== 'internal') {
      this.desk_.append(id, { kind: 'queued', author: 'system' }, true);
    }
    this.desk_.clock.set_timeout(() => this.desk_.tell(conversation), 0);
    return { t: 'ack', ...name, seq, time, track };
  }

  private may_moderate_(frame: client_frame & { t: 'post' }): boolean {
    return frame.deletes !== undefined && this.desk_.supervisors.has(this.person);
  }

  private open_(id: string): conversation {
    const opened = this.desk_.open(id, this.person);
    this.desk_.append(id, { kind: 'opened', author: this.person }, true);
    return opened;
  }

  private on_history_(frame: client_frame & { t: 'history' }): void {
    const { id, conversation: name, track = 'public', before, after, limit } = frame;
    const conversation = this.conversation_(name);
    if (!conversation) return this.fault_('unknown_conversation', { id });
    const line = conversation.tracks[track];
    const all = line.filter(
      (event) => event.seq < (before ?? Infinity) && event.seq > (after ?? 0),
    );
    const events = before === undefined ? all.slice(0, limit) : all.slice(-limit);
    const more = events.length < all.length;
    this.send({ t: 'page', id, conversation: name, track, events, head: line.length, more });
  }

  private on_cursor_(id: string, kind: 'received' | 'read', seq: number): void {
    const conversation = this.conversation_(id);
    if (!conversation) return;
    const cursor = this.desk_.cursor(conversation, this.person);
    cursor.received = Math.max(cursor.received, seq);
    if (kind === 'read') cursor.read = Math.max(cursor.read, seq);
    this.tell_others_(id, { t: 'cursor', conversation: id, person: this.person, ...cursor });
  }

  private on_typing_(frame: client_frame & { t: 'typing' }): void {
    this.desk_.typing_seen.push(frame);
    this.tell_others_(frame.conversation, { ...frame, person: this.person });
  }

  private on_status_(frame: client_frame & { t: 'status' }): void {
    const me = this.desk_.agents.get(this.person);
    if (!me) return this.fault_('forbidden', { id: frame.id });
    me.status = frame.status;
    me.capacity = frame.capacity ?? me.capacity;
    this.send({ t: 'done', id: frame.id });
    const { status, capacity, load } = me;
    for (const each of this.desk_.connections) {
      if (each.person === this.person) each.send({ t: 'me', status, capacity, load });
    }
  }

  private on_watch_(id: number, on: boolean): void {
    if (!this.is_agent) return this.fault_('forbidden', { id });
    this.is_watching_ = on;
    this.send({ t: 'done', id });
    if (!on) return;
    const items = [...this.desk_.conversations.values()]
      .filter((each) => each.status !== 'closed')
      .map((each) => this.desk_.summary(each, this.person));
    this.send({ t: 'desk', items, removed: [], counts: this.desk_.counts(this.person) });
  }

  private on_list_(frame: client_frame & { t: 'list' }): void {
    const { id, view, after, limit } = frame;
    if (!this.is_agent) return this.fault_('forbidden', { id });
    const all = [...this.desk_.conversations.values()].filter((each) => {
      if (view === 'closed') return each.status === 'closed';
      if (view === 'queue') return each.status === 'queued';
      if (view === 'mine') return each.status !== 'closed' && each.assignee === this.person;
      return each.status !== 'closed';
    });
    const start = Number(after ?? 0);
    const page = all.slice(start, start + limit);
    const end = start + page.length;
    this.send({
      t: 'listed',
      id,
      view,
      items: page.map((each) => this.desk_.summary(each, this.person)),
      ...(end < all.length ? { after: String(end) } : {}),
      counts: this.desk_.counts(this.person),
    });
  }

  private on_agents_(id: number): void {
    if (!this.is_agent) return this.fault_('forbidden', { id });
    const agents = [...this.desk_.agents.values()].map((each) => ({
      ...each,
      online: [...this.desk_.connections].some((other) => other.person === each.person),
    }));
    this.send({ t: 'agents', id, agents });
  }

  private on_routing_(frame: client_frame & { t: 'transfer' | 'return' | 'close' }): void {
    const { id, conversation: name } = frame;
    const conversation = this.conversation_(name);
    if (!conversation) return this.fault_('unknown_conversation', { id });
    if (frame.t !== 'close' && !this.is_agent) return this.fault_('forbidden', { id });
    if (conversation.status === 'closed') return this.fault_('conversation_closed', { id });
    const by = { person: this.person, name: this.desk_.name_of(this.person) };
    const author = this.person;
    if (frame.t === 'transfer') {
      const to = this.desk_.agents.get(frame.to);
      if (!to) return this.fault_('unknown_agent', { id });
      const target = { person: to.person, name: to.name };
      this.desk_.append(name, { kind: 'transferred', author, to: target, by });
    } else if (frame.t === 'return') {
      this.desk_.append(name, { kind: 'returned', author, reason: 'returned' });
    } else {
      this.desk_.append(name, { kind: 'closed', author, by });
    }
    this.send({ t: 'done', id });
  }

  private conversation_(id: string): conversation | undefined {
    const found = this.desk_.conversations.get(id);
    return found && (this.is_agent || found.visitor === this.person) ? found : undefined;
  }

  private send_event_(event: desk_event): void {
    const { device, n, ...rest } = event;
    const own = event.author === this.person ? { device, n } : {};
    this.send({ t: 'event', ...rest, ...own } as server_frame);
  }

  private tell_others_(id: string, frame: server_frame): void {
    for (const each of this.desk_.connections) {
      if (each !== this && each.subscribed.has(id)) each.send(frame);
    }
  }

  private fault_(code: string, about: object): void {
    this.send({ t: 'fault', code, message: code, retry: false, ...about });
  }
}

function body_of(frame: client_frame & { t: 'post' }, file?: desk_file) {
  const { text = '', reply_to, edits, deletes } = frame;
  if (edits !== undefined) return { kind: 'edited' as const, target: edits, text };
  if (deletes !== undefined) return { kind: 'deleted' as const, target: deletes };
  return { kind: 'message' as const, text, reply_to, file };
}
