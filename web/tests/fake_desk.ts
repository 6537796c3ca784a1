import type {
  client_frame,
  counts,
  desk_event,
  person,
  routing,
  server_frame,
  summary,
  track,
} from '../sdk/src/wire';
import { changes_of, fold, type shown_message } from '../sdk/src/folding';
import { fake_connection } from './fake_connection';
import { fake_files } from './fake_files';

/// A desk that obeys docs/wire.md, in memory, for tests and for looking at the pages. It has no
/// sockets: whoever carries the frames calls `accept`. Tokens are `visitor:<16 hex>` and
/// `agent:<16 hex>`.

export interface fake_clock {
  now(): number;
  set_timeout(callback: () => void, delay_ms: number): unknown;
}

/// 'drop' loses the frame, 'cut' loses it and the connection.
export type verdict = 'pass' | 'drop' | 'cut';

export type event_body = desk_event extends infer each
  ? each extends desk_event
    ? Omit<each, 'conversation' | 'seq' | 'time'>
    : never
  : never;

export interface answer {
  text: string;
  track: track;
  frame: server_frame;
}

export interface conversation {
  id: string;
  number: number;
  status: summary['status'];
  visitor: string;
  assignee?: string;
  opened_at: number;
  since: number;
  tracks: Record<track, desk_event[]>;
  cursors: Map<string, { received: number; read: number }>;
  answers: Map<string, answer[]>;
}

export const limits = {
  frame_bytes: 65_536,
  text_bytes: 32_768,
  posts_unacked: 32,
  subs: 256,
  file_bytes: 25 * 1024 * 1024,
};

export class fake_desk {
  history = 'aaaaaaaaaaaaaaaa';
  /// Given with every welcome.
  seat?: string;
  readonly conversations = new Map<string, conversation>();
  readonly connections = new Set<fake_connection>();
  /// What the next welcome says of the load.
  tier = 0;
  readonly agents = new Map<string, person & routing>();
  readonly visitor_names = new Map<string, string>();
  inbox = {
    name: 'Demo shop',
    accent: '#2f5bea',
    greeting: '',
    locale: 'en',
    typing_preview: true,
  };
  readonly files = new fake_files(this);
  /// Agents who may delete what others said.
  readonly supervisors = new Set<string>();
  readonly typing_seen: (client_frame & { t: 'typing' })[] = [];
  reopen_ms = 600_000;
  /// Refuses a post before it is looked at.
  refuse?: (
    frame: client_frame & { t: 'post' },
  ) => { code: string; retry: boolean; retry_after_ms?: number } | undefined;
  on_send: (frame: server_frame) => verdict = () => 'pass';
  on_receive: (frame: client_frame) => verdict = () => 'pass';
  on_opened: (conversation: string) => void = () => {};
  /// Every post frame that came in, for tests that count them.
  readonly posts_seen: (client_frame & { t: 'post'; device: string })[] = [];
  private number_ = 1000;

  constructor(readonly clock: fake_clock) {}

  accept(send: (text: string) => void, close: (code: number) => void): fake_connection {
    const connection = new fake_connection(this, send, close);
    this.connections.add(connection);
    return connection;
  }

  /// Cuts every connection without a word.
  cut(): void {
    for (const connection of [...this.connections]) connection.cut();
  }

  bye(code: number, reason: string, retry_after_ms?: number): void {
    for (const connection of [...this.connections]) connection.bye(code, reason, retry_after_ms);
  }

  ping(): void {
    for (const connection of this.connections) connection.ping();
  }

  next_of(visitor: string): string | undefined {
    const own = [...this.conversations.values()].filter((each) => each.visitor === visitor);
    if (own.some((each) => each.status !== 'closed')) return undefined;
    return (own.length + 1).toString(16).padStart(4, '0') + visitor.slice(-12);
  }

  open(id: string, visitor: string): conversation {
    const now = this.clock.now();
    const opened: conversation = {
      id,
      number: ++this.number_,
      status: 'queued',
      visitor,
      opened_at: now,
      since: now,
      tracks: { public: [], internal: [] },
      cursors: new Map(),
      answers: new Map(),
    };
    this.conversations.set(id, opened);
    return opened;
  }

  append(id: string, body: event_body, quiet = false): desk_event {
    const conversation = this.conversations.get(id)!;
    const line = conversation.tracks[body.track ?? 'public'];
    const time = this.clock.now();
    const event = { ...body, conversation: id, seq: line.length + 1, time } as desk_event;
    line.push(event);
    const statuses: Partial<Record<desk_event['kind'], summary['status']>> = {
      queued: 'queued',
      returned: 'queued',
      reopened: 'queued',
      assigned: 'assigned',
      transferred: 'assigned',
      closed: 'closed',
    };
    const status = statuses[event.kind];
    if (status && status !== conversation.status) {
      conversation.status = status;
      conversation.since = time;
    }
    if (event.kind === 'assigned' || event.kind === 'transferred') {
      conversation.assignee = event.to.person;
    }
    if (event.kind === 'returned') conversation.assignee = undefined;
    for (const each of this.connections) each.push(event);
    if (!quiet) this.tell(conversation);
    return event;
  }

  /// What was deleted is gone, and so are the words of its edits.
  wipe(conversation: conversation, track: track, target: number | undefined): void {
    if (target === undefined) return;
    const line = conversation.tracks[track];
    conversation.tracks[track] = line.map((event) => {
      if (event.seq === target && event.kind === 'message') {
        if (event.file) this.files.drop(event.file.id);
        const { file: _, ...rest } = event;
        return { ...rest, text: '', deleted: true };
      }
      const is_edit = event.kind === 'edited' && event.target === target;
      return is_edit ? { ...event, text: '', deleted: true } : event;
    });
  }

  say(id: string, author: string, text: string): desk_event {
    return this.append(id, { kind: 'message', author, text });
  }

  assign(id: string, agent: string): void {
    const to = { person: agent, name: this.name_of(agent) };
    this.append(id, { kind: 'assigned', author: 'system', to });
  }

  tell(conversation: conversation): void {
    for (const each of this.connections) each.on_summary(conversation);
  }

  broadcast(id: string, frame: server_frame): void {
    for (const each of this.connections) if (each.subscribed.has(id)) each.send(frame);
  }

  name_of(person: string): string {
    return this.agents.get(person)?.name ?? this.visitor_names.get(person) ?? '';
  }

  counts(agent: string): counts {
    const open = [...this.conversations.values()].filter((each) => each.status !== 'closed');
    return {
      mine: open.filter((each) => each.assignee === agent).length,
      queue: open.filter((each) => each.status === 'queued').length,
      all: open.length,
    };
  }

  place(conversation: conversation): number | undefined {
    if (conversation.status !== 'queued') return undefined;
    const queue = [...this.conversations.values()].filter((each) => each.status === 'queued');
    return queue.indexOf(conversation) + 1;
  }

  summary(conversation: conversation, person: string): summary {
    const { id, number, status, visitor, assignee, opened_at, since, tracks } = conversation;
    const is_visitor = person === visitor;
    const own = this.cursor(conversation, person);
    const others = [...conversation.cursors].filter(([each]) =>
      is_visitor ? each !== person : each === visitor,
    );
    const messages = fold(tracks.public, changes_of(tracks.public, []));
    const last = messages.filter((event) => event.kind === 'message').pop() as
      shown_message | undefined;
    return {
      conversation: id,
      number,
      status,
      head: tracks.public.length,
      ...(is_visitor ? {} : { internal_head: tracks.internal.length }),
      inbox: 1,
      visitor: { person: visitor, name: this.name_of(visitor) },
      ...(assignee ? { assignee: { person: assignee, name: this.name_of(assignee) } } : {}),
      opened_at,
      since,
      ...(last && last.author === visitor ? { waiting_since: last.time } : {}),
      ...(last
        ? {
            last: {
              seq: last.seq,
              author: last.author,
              text: (last.text || last.file?.name || '').slice(0, 160),
              time: last.time,
            },
          }
        : {}),
      ...own,
      peer_received: Math.max(0, ...others.map(([, each]) => each.received)),
      peer_read: Math.max(0, ...others.map(([, each]) => each.read)),
      visitor_online: [...this.connections].some((each) => each.person === visitor),
      ...(status === 'queued' ? { place: this.place(conversation) } : {}),
    };
  }

  cursor(conversation: conversation, person: string): { received: number; read: number } {
    const cursor = conversation.cursors.get(person) ?? { received: 0, read: 0 };
    conversation.cursors.set(person, cursor);
    return cursor;
  }
}
