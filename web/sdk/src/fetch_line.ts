import type { environment, socket } from './environment';
import { hear_events, query_of, ticket_in } from './event_source';
import { utf8_bytes } from './utf8';
import type { client_frame, roster_frame, server_frame, summary, welcome_frame } from './wire';

export type plain_way = 'stream' | 'events' | 'poll';

export interface plain_caller {
  /// Origin of the node.
  url: string;
  token: string;
  device: string;
  seat?: string;
  way: plain_way;
}

interface position {
  after: number;
  internal_after?: number;
}

// The bounds of docs/wire.md §8, with room for what a line is escaped to.
const lines_max = 64;
const bytes_max = 100_000;
// A stream of which nothing is heard for this long is held back by a proxy; one of events sooner,
// since its ticket has come a moment before.
const first_line_ms_max = { stream: 5_000, events: 3_000 };
// The node answers a poll after 25 s, and frames after 12 s.
const poll_ms_max = 35_000;
const frames_ms_max = 20_000;
// Between polls that bring nothing but came back at once, as through a proxy that answers itself.
const empty_pause_ms = 1_000;
export const held_back = 'held back';
export const refused = 'refused';
// Of one that ends without a line. Why an EventSource does, no page is told.
const silent_ends = { stream: held_back, events: refused };

/// A socket made of plain requests, for networks where no WebSocket passes: frames go up by
/// `POST /v1/frames`, one request after the other, and come down by a stream, by an EventSource or
/// by polls. Every request says what it needs, so a link that was lost between two of them is not
/// noticed at all.
export class fetch_line implements socket {
  readyState = 0;
  onopen: socket['onopen'] = null;
  onmessage: socket['onmessage'] = null;
  onclose: socket['onclose'] = null;

  private readonly followed_ = new Map<string, position>();
  private is_watching_ = false;
  private roster_name_ = '';
  private welcome_?: welcome_frame;
  // The conversations of the roster as the other side of this socket knows it.
  private roster_ = new Map<string, summary>();
  // Pages of a roster that is told again.
  private pages_?: summary[];
  private waiting_: string[] = [];
  private is_sending_ = false;
  private is_stale_ = false;
  private is_polling_ = false;
  private readonly end_ = new AbortController();
  private down_?: AbortController;

  constructor(
    private readonly env_: environment,
    private readonly caller_: plain_caller,
  ) {
    env_.set_timeout(() => {
      if (this.readyState !== 0) return;
      this.readyState = 1;
      this.onopen?.call(this as unknown as WebSocket, {} as Event);
    }, 0);
  }

  send(text: string): void {
    const frame = JSON.parse(text) as client_frame;
    switch (frame.t) {
      case 'hello':
        return void this.ask_();
      case 'sub':
        return this.follow_(frame.subs);
      case 'unsub':
        return frame.conversations.forEach((id) => this.followed_.delete(id));
      case 'watch':
        this.is_watching_ = frame.on;
        this.ask_soon_();
        return this.tell_soon_({ t: 'done', id: frame.id });
      case 'pong':
        // A poll needs no sign of life: it is one.
        if (this.is_polling_) return;
    }
    this.waiting_.push(text);
    void this.send_waiting_();
  }

  close(): void {
    this.readyState = 3;
    this.end_.abort();
    this.down_?.abort();
  }

  // ---- Up.

  private async send_waiting_(): Promise<void> {
    if (this.is_sending_) return;
    this.is_sending_ = true;
    while (this.waiting_.length > 0 && this.readyState !== 3) {
      const lines = this.take_lines_();
      const answer = await this.request_('/v1/frames', lines, this.end_, frames_ms_max);
      const text = answer && (await this.text_of_(answer));
      if (text === undefined) break;
      // The rest was not heard; the connection is made anew, and what is in doubt is sent again.
      for (const line of lines_in(text)) this.hear_answer_(JSON.parse(line) as server_frame);
    }
    this.is_sending_ = false;
  }

  private take_lines_(): string[] {
    const lines: string[] = [];
    let bytes = 0;
    while (this.waiting_.length > 0 && lines.length < lines_max) {
      bytes += utf8_bytes(this.waiting_[0]) + 1;
      if (lines.length > 0 && bytes > bytes_max) break;
      lines.push(this.waiting_.shift()!);
    }
    return lines;
  }

  private hear_answer_(frame: server_frame): void {
    this.tell_(frame);
    if (frame.t === 'bye') this.end_with_(frame.code, frame.reason);
  }

  // ---- Down.

  private follow_(subs: { conversation: string; after: number; internal_after?: number }[]): void {
    for (const { conversation, after, internal_after } of subs) {
      const now = this.followed_.get(conversation);
      if (now && now.after === after && now.internal_after === internal_after) continue;
      this.followed_.set(conversation, { after, internal_after });
      this.ask_soon_();
    }
  }

  /// Once for all that is wished in one turn.
  private ask_soon_(): void {
    if (this.is_stale_) return;
    this.is_stale_ = true;
    this.env_.set_timeout(() => {
      if (this.is_stale_) void this.ask_();
    }, 0);
  }

  private async ask_(): Promise<void> {
    this.down_?.abort();
    const mine = (this.down_ = new AbortController());
    while (this.readyState !== 3 && this.down_ === mine) {
      this.is_stale_ = false;
      const subs = [...this.followed_].map(([conversation, at]) => ({ conversation, ...at }));
      const frames: client_frame[] = in_groups(subs).map((some) => ({ t: 'sub', subs: some }));
      if (this.is_watching_) frames.push({ t: 'watch', id: 0, on: true });
      const lines = frames.map((frame) => JSON.stringify(frame));
      const { way, device } = this.caller_;
      if (way === 'stream') {
        return this.hear_all_(mine, way, (hear) => this.read_(mine, lines, hear));
      }
      const wishes = { device, subs, is_watching: this.is_watching_ };
      const query = way === 'events' ? query_of(wishes) : undefined;
      // Of more conversations than an address has room for, news are polled.
      this.is_polling_ = query === undefined;
      if (query !== undefined) return this.open_events_(mine, query);
      if (!(await this.poll_(mine, lines))) return;
    }
  }

  private async poll_(mine: AbortController, lines: string[]): Promise<boolean> {
    const began = this.env_.now();
    const answer = await this.request_('/v1/poll', lines, mine, poll_ms_max);
    const text = answer && (await this.text_of_(answer, mine));
    if (text === undefined || mine.signal.aborted) return false;
    this.roster_name_ = answer!.headers.get('Frontdesk-Roster') ?? '';
    this.pages_ = undefined;
    for (const line of lines_in(text)) this.hear_(JSON.parse(line) as server_frame);
    // Also nothing is a sign of life.
    if (text === '') {
      this.tell_({ t: 'ping', heads: {} });
      if (this.env_.now() - began < empty_pause_ms) await this.pause_();
    }
    return true;
  }

  private pause_(): Promise<void> {
    return new Promise((go) => this.env_.set_timeout(() => go(), empty_pause_ms));
  }

  /// Of a stream or of events, until they end or the first line is late.
  private async hear_all_(
    mine: AbortController,
    of: keyof typeof first_line_ms_max,
    begin: (hear: (line: string) => void) => Promise<void>,
  ): Promise<void> {
    const late = this.env_.set_timeout(() => {
      if (!mine.signal.aborted) this.end_with_(1006, held_back);
    }, first_line_ms_max[of]);
    let has_heard = false;
    await begin((line) => {
      has_heard = true;
      this.env_.clear_timeout(late);
      if (!mine.signal.aborted) this.hear_(JSON.parse(line) as server_frame);
    });
    this.env_.clear_timeout(late);
    if (!mine.signal.aborted) this.end_with_(1006, has_heard ? 'lost' : silent_ends[of]);
  }

  private async read_(
    mine: AbortController,
    lines: string[],
    hear: (line: string) => void,
  ): Promise<void> {
    const answer = await this.request_('/v1/stream', lines, mine);
    // Absent where a browser reads no stream.
    const reader = answer?.body?.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for (;;) {
        const part = reader && (await reader.read());
        if (!part || part.done || mine.signal.aborted) break;
        rest += decoder.decode(part.value, { stream: true });
        const whole = rest.lastIndexOf('\n') + 1;
        lines_in(rest.slice(0, whole)).forEach(hear);
        rest = rest.slice(whole);
      }
    } catch {
      // Cut off; whoever asked tells it.
    }
  }

  private async open_events_(mine: AbortController, query: string): Promise<void> {
    const answer = await this.request_('/v1/tickets', [], mine, frames_ms_max);
    const text = answer && (await this.text_of_(answer, mine));
    if (text === undefined || mine.signal.aborted) return;
    const ticket = ticket_in(text);
    if (!ticket) return this.end_with_(1006, 'no ticket');
    const { href } = new URL(`/v1/events?ticket=${ticket}&${query}`, this.caller_.url);
    await this.hear_all_(mine, 'events', (hear) =>
      hear_events(this.env_.open_events!(href), hear, mine.signal),
    );
  }

  private hear_(frame: server_frame): void {
    switch (frame.t) {
      case 'welcome':
        return this.hear_welcome_(frame);
      case 'roster':
        return this.hear_roster_(frame);
      case 'event': {
        const at = this.followed_.get(frame.conversation);
        const name = frame.track === 'internal' ? 'internal_after' : 'after';
        if (at && frame.seq === (at[name] ?? 0) + 1) at[name] = frame.seq;
        return this.tell_(frame);
      }
      case 'done':
        return;
      case 'bye':
        return this.hear_answer_(frame);
      default:
        this.tell_(frame);
    }
  }

  // To the other side this is one long link: it is welcomed once.
  private hear_welcome_(frame: welcome_frame): void {
    const before = this.welcome_;
    this.welcome_ = frame;
    if (!before) return this.tell_(frame);
    const is_same = before.history === frame.history && before.person === frame.person;
    if (!is_same) return this.end_with_(1006, 'another history');
    this.pages_ = [];
    if (frame.me) this.tell_({ t: 'me', ...frame.me });
  }

  // A roster that is told again becomes what has changed since.
  private hear_roster_(frame: roster_frame): void {
    let told = frame;
    if (this.pages_) {
      this.pages_.push(...frame.items);
      if (frame.more) return;
      const items = this.pages_;
      const named = new Set(items.map((item) => item.conversation));
      const removed = [...this.roster_.keys()].filter((id) => !named.has(id));
      told = { ...frame, items, removed };
      this.pages_ = undefined;
    }
    for (const item of told.items) this.roster_.set(item.conversation, item);
    for (const id of told.removed ?? []) this.roster_.delete(id);
    this.tell_(told);
  }

  // ---- Requests.

  private async request_(
    path: string,
    lines: string[],
    until: AbortController,
    patience_ms?: number,
  ): Promise<Response | undefined> {
    const { url, token, device } = this.caller_;
    const seat = this.welcome_?.seat ?? this.caller_.seat;
    const headers: Record<string, string> = {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/x-ndjson',
      'Frontdesk-Device': device,
    };
    if (seat) headers['Frontdesk-Seat'] = seat;
    if (path === '/v1/poll' && this.roster_name_) headers['Frontdesk-Roster'] = this.roster_name_;
    const late =
      patience_ms === undefined
        ? undefined
        : this.env_.set_timeout(() => this.end_with_(1006, 'no answer'), patience_ms);
    try {
      const answer = await this.env_.fetch(new URL(path, url).href, {
        method: 'POST',
        headers,
        body: lines.map((line) => `${line}\n`).join(''),
        signal: until.signal,
        cache: 'no-store',
      });
      if (answer.ok) return answer;
      if (!until.signal.aborted) await this.on_refused_(answer);
    } catch {
      if (!until.signal.aborted) this.end_with_(1006, 'unreachable');
    } finally {
      this.env_.clear_timeout(late);
    }
    return undefined;
  }

  private async text_of_(answer: Response, until = this.end_): Promise<string | undefined> {
    try {
      return await answer.text();
    } catch {
      if (!until.signal.aborted) this.end_with_(1006, 'lost');
      return undefined;
    }
  }

  private async on_refused_(answer: Response): Promise<void> {
    let fault: { code?: string; retry_after_ms?: number } = {};
    try {
      fault = await answer.json();
    } catch {
      // Not the node's own words: a proxy's.
    }
    if (!fault.code) return this.end_with_(1006, `status ${answer.status}`);
    const code = close_codes[answer.status] ?? (answer.status < 500 ? 4500 : 4006);
    const known = fault.code === 'token_expired' ? 4400 : code;
    this.tell_({ t: 'bye', code: known, reason: fault.code, retry_after_ms: fault.retry_after_ms });
    this.end_with_(known, fault.code);
  }

  // ---- The other side.

  private tell_(frame: server_frame): void {
    if (this.readyState === 3) return;
    const message = { data: JSON.stringify(frame) } as MessageEvent;
    this.onmessage?.call(this as unknown as WebSocket, message);
  }

  private tell_soon_(frame: server_frame): void {
    this.env_.set_timeout(() => this.tell_(frame), 0);
  }

  private end_with_(code: number, reason: string): void {
    if (this.readyState === 3) return;
    this.close();
    this.onclose?.call(this as unknown as WebSocket, { code, reason } as CloseEvent);
  }
}

const close_codes: Record<number, number> = { 401: 4501, 403: 4506, 413: 4507, 429: 4007 };

function lines_in(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function in_groups<item>(items: item[], size = lines_max): item[][] {
  const groups: item[][] = [];
  for (let i = 0; i < items.length; i += size) groups.push(items.slice(i, i + size));
  return groups;
}
