import type { event_source } from '../sdk/src/environment';
import type { server_frame } from '../sdk/src/wire';
import type { fake_connection } from './fake_connection';
import type { fake_clock, fake_desk } from './fake_desk';

const latency_ms = 5;
const poll_ms_max = 25_000;
// What Chromium waits before it asks again by itself.
const again_ms = 3_000;
const address_bytes_max = 2_048;
const ticket_bytes_max = 512;
const answers = new Set(['ack', 'fault', 'page', 'listed', 'agents', 'done']);

/// The node's side of docs/wire.md §8 before a fake desk.
export class fake_fetch {
  /// By path, such as '/v1/poll'.
  readonly requests: string[] = [];
  /// Of `/v1/frames`, at one time: two could overtake each other.
  errands_max = 0;
  private errands_ = 0;
  /// The network lets nothing pass.
  is_down = false;
  /// A proxy gathers what it is sent, until the answer ends.
  holds_streams = false;
  /// How this network treats an EventSource.
  events: 'pass' | 'held' | 'refused' = 'pass';
  /// Of each EventSource.
  readonly addresses: string[] = [];
  sources_open = 0;
  /// Answers the next request in place of the node.
  next?: () => Response;
  // With what is to be done when one is over.
  private readonly tickets_ = new Map<string, string>();
  private readonly open_ = new Map<fake_connection, () => void>();

  constructor(
    private readonly desk_: fake_desk,
    private readonly clock_: fake_clock,
  ) {}

  /// Every connection that is under way, without a word.
  cut(): void {
    for (const each of [...this.open_.keys()]) each.cut();
  }

  async fetch(url: string, request: RequestInit): Promise<Response> {
    const path = new URL(url).pathname;
    this.requests.push(path);
    const is_errand = path === '/v1/frames';
    if (is_errand) this.errands_max = Math.max(this.errands_max, ++this.errands_);
    await new Promise<void>((go) => this.clock_.set_timeout(() => go(), latency_ms));
    if (is_errand) --this.errands_;
    if (this.is_down) throw new TypeError('Failed to fetch');
    if (request.signal?.aborted) throw new DOMException('aborted', 'AbortError');
    const instead = this.next?.();
    this.next = undefined;
    if (instead) return instead;
    const headers = new Headers(request.headers);
    const token = headers.get('Authorization')!.replace('Bearer ', '');
    if (path === '/v1/tickets') return this.ticket_(token);
    const device = headers.get('Frontdesk-Device')!;
    if (path.startsWith('/v1/files')) return this.desk_.files.fetch(path, request, token);
    if (token.startsWith('expired')) return refusal(401, 'token_expired');
    const lines = String(request.body).split('\n').filter(Boolean);
    const caller = { token, device, lines, signal: request.signal! };
    if (path === '/v1/frames') return this.errand_(caller);
    if (path === '/v1/stream') return this.stream_(caller);
    return this.poll_(caller, headers.get('Frontdesk-Roster') ?? '');
  }

  open_events(url: string): event_source {
    let is_closed = false;
    ++this.sources_open;
    const over = new AbortController();
    const source: event_source = {
      onmessage: null,
      onerror: null,
      close: () => {
        if (!is_closed) --this.sources_open;
        is_closed = true;
        over.abort();
      },
    };
    const fail = (comes_back: boolean) => {
      source.onerror?.call(source as EventSource, {} as Event);
      if (comes_back && !is_closed) this.clock_.set_timeout(ask, again_ms);
    };
    const say = (data: string) => {
      if (this.events === 'held' || is_closed) return;
      source.onmessage?.call(source as EventSource, { data } as MessageEvent);
    };
    const ask = () => {
      if (is_closed) return;
      this.addresses.push(url);
      if (this.events === 'refused') return fail(false);
      const caller = this.caller_of_(new URL(url), over.signal);
      if (this.is_down || !caller) return fail(this.is_down);
      this.connect_(caller, say, () => fail(true));
    };
    this.clock_.set_timeout(ask, latency_ms);
    return source;
  }

  private ticket_(token: string): Response {
    if (token.startsWith('expired')) return refusal(401, 'token_expired');
    const ticket = `t${this.requests.length}`.padEnd(ticket_bytes_max, '-');
    this.tickets_.set(ticket, token);
    return new Response(JSON.stringify({ ticket, expires_in: 30 }));
  }

  private caller_of_({ pathname, search, searchParams: query }: URL, signal: AbortSignal) {
    const ticket = query.get('ticket')!;
    const token = this.tickets_.get(ticket);
    this.tickets_.delete(ticket);
    const is_long = pathname.length + search.length > address_bytes_max;
    if (!token || is_long) return undefined;
    const lines = query.getAll('sub').map((sub) => {
      const [conversation, after, internal] = sub.split('.');
      const internal_after = internal === undefined ? undefined : Number(internal);
      return JSON.stringify({
        t: 'sub',
        subs: [{ conversation, after: Number(after), internal_after }],
      });
    });
    if (query.get('watch') === '1') lines.push(JSON.stringify({ t: 'watch', id: 0, on: true }));
    return { token, device: query.get('device')!, lines, signal };
  }

  private errand_({ token, device, lines }: caller): Response {
    const said: string[] = [];
    const connection = this.desk_.accept(
      (text) => {
        if (answers.has((JSON.parse(text) as server_frame).t)) said.push(text);
      },
      () => {},
    );
    Object.assign(connection, { person: token, device });
    for (const line of lines) connection.receive(line);
    connection.gone();
    return new Response(said.map((text) => `${text}\n`).join(''));
  }

  private stream_(caller: caller): Response {
    const encoder = new TextEncoder();
    let held = '';
    const body = new ReadableStream<Uint8Array>({
      start: (to) => {
        const say = (text: string) => {
          if (this.holds_streams) held += `${text}\n`;
          else to.enqueue(encoder.encode(`${text}\n`));
        };
        const end = (code: number) => {
          if (code === 1006) to.error(new TypeError('cut'));
          else to.close();
        };
        this.connect_(caller, say, end);
      },
    });
    return new Response(body);
  }

  private poll_(caller: caller, roster: string): Promise<Response> {
    return new Promise((answer, fail) => {
      let snapshot = '';
      let news = '';
      let is_begun = false;
      const finish = () => {
        this.forget_(connection);
        const name = snapshot.replace(/"time":\d+/, '').replace(/"seen":\d+/, '');
        const known = hash_of(name) === roster;
        const headers = { 'Frontdesk-Roster': hash_of(name) };
        answer(new Response((known ? '' : snapshot) + news, { headers }));
      };
      const say = (text: string) => {
        const { t } = JSON.parse(text) as server_frame;
        const is_snapshot = !is_begun && (t === 'welcome' || t === 'roster');
        if (is_snapshot) snapshot += `${text}\n`;
        else news += `${text}\n`;
        if (is_begun && t !== 'done') this.clock_.set_timeout(finish, latency_ms);
      };
      const end = (code: number) => (code === 1006 ? fail(new TypeError('cut')) : finish());
      const connection = this.connect_(caller, say, end, () => (is_begun = true));
      const name = snapshot.replace(/"time":\d+/, '');
      if (hash_of(name) !== roster) this.clock_.set_timeout(finish, latency_ms);
      this.clock_.set_timeout(finish, poll_ms_max);
    });
  }

  private connect_(
    { token, device, lines, signal }: caller,
    say: (text: string) => void,
    end: (code: number) => void,
    on_greeted?: () => void,
  ): fake_connection {
    const connection = this.desk_.accept(say, (code) => {
      this.forget_(connection);
      end(code);
    });
    const give_up = () => this.forget_(connection);
    signal.addEventListener('abort', give_up);
    this.open_.set(connection, () => signal.removeEventListener('abort', give_up));
    connection.receive(JSON.stringify({ t: 'hello', token, device }));
    on_greeted?.();
    for (const line of lines) connection.receive(line);
    return connection;
  }

  private forget_(connection: fake_connection): void {
    connection.gone();
    this.open_.get(connection)?.();
    this.open_.delete(connection);
  }
}

interface caller {
  token: string;
  device: string;
  lines: string[];
  signal: AbortSignal;
}

export function refusal(status: number, code: string): Response {
  return new Response(JSON.stringify({ code, message: code, retry: false }), { status });
}

function hash_of(text: string): string {
  let hash = 0;
  for (const char of text) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) | 0;
  return String(hash);
}
