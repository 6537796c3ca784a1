import type { environment, socket } from './environment';
import { desk_fault } from './fault';
import { fetch_line } from './fetch_line';
import { plain } from './lean';
import { plain_ways, ways, type way } from './ways';
import type { bye_frame, client_frame, server_frame } from './wire';

/// `stopped` needs somebody: `code` is the close code (45xx), 0 after `close()`.
/// `retry_at` is on the clock of Date.now(); in the past while an attempt is under way.
export type connection_state =
  | { name: 'connecting' }
  | { name: 'online' }
  | { name: 'reconnecting' | 'offline'; reason: string; code: number; retry_at: number }
  | { name: 'stopped'; reason: string; code: number };

export interface credentials {
  token: string;
  device: string;
  /// As the last welcome gave it: whoever had a seat comes in before strangers.
  seat?: string;
}

export interface link_owner {
  /// Asked before every attempt. A desk_fault without retry stops the link.
  credentials(token_refused: boolean): Promise<credentials>;
  on_frame(frame: server_frame): void;
  on_down(): void;
  on_state(state: connection_state): void;
}

const back_off_ms_min = 500;
const back_off_ms_max = 20_000;
// The node pings every 25 s ± 10 %, so this much silence is a lost link (docs/wire.md §6).
const silence_ms_max = 35_000;
const opening_ms_max = 10_000;
// A WebSocket that is not open by then is being swallowed.
const socket_ms_max = 5_000;
// A connection that lived this long was a success: the next loss begins with a short back-off
// again.
const stable_ms = 10_000;

/// Keeps one socket to the node alive: opens it, says hello, answers pings, notices silence, and
/// after a loss does what the close code's hundreds digit says. Where no WebSocket passes, the
/// socket is made of plain requests, until one does.
export class link {
  state: connection_state = { name: 'stopped', reason: 'closed', code: 0 };
  private socket_?: socket;
  // Counts attempts to tell a late answer from the present one.
  private turn_ = 0;
  private failures_ = 0;
  private online_since_ = 0;
  private token_refused_ = false;
  private bye_?: bye_frame;
  private timer_: unknown;
  private probe_timer_: unknown;
  private probe_?: socket;
  private way_: way = 'socket';
  private has_spoken_ = false;
  private seat_?: string;
  // The node has said when: to come sooner would be to push in.
  private has_slot_ = false;
  private ignore_network_?: () => void;
  private readonly ways_: ways;

  constructor(
    private readonly env_: environment,
    private readonly url_: string,
    private readonly client_: string,
    private readonly owner_: link_owner,
  ) {
    this.ways_ = new ways(() => env_.now(), plain_ways(env_), env_.way_memory);
  }

  start(): void {
    if (this.state.name !== 'stopped') return;
    this.failures_ = 0;
    this.ignore_network_ = this.env_.on_network_change(() => this.on_network_change_());
    this.set_state_({ name: 'connecting' });
    void this.open_();
  }

  stop(reason = 'closed', code = 0): void {
    if (this.state.name === 'stopped') return;
    this.ignore_network_?.();
    this.drop_socket_();
    this.set_state_({ name: 'stopped', reason, code });
  }

  /// Drops the connection and opens another at once, for a new device or a lost frame.
  restart(): void {
    if (this.state.name === 'stopped') return;
    this.drop_socket_();
    this.wait_(0, 'restart', 0);
  }

  send(frame: client_frame): void {
    if (this.state.name === 'online') this.socket_?.send(JSON.stringify(frame));
  }

  private async open_(): Promise<void> {
    const turn = ++this.turn_;
    let credentials;
    try {
      credentials = await this.owner_.credentials(this.token_refused_);
    } catch (fault) {
      if (turn === this.turn_) this.on_no_credentials_(fault);
      return;
    }
    if (turn !== this.turn_) return;
    const { token, device, seat } = credentials;
    this.seat_ = seat;
    this.way_ = this.ways_.next();
    const opened =
      this.way_ === 'socket'
        ? this.open_socket_()
        : new fetch_line(this.env_, {
            url: this.url_,
            token,
            device,
            seat,
            way: this.way_,
          });
    this.socket_ = opened;
    this.bye_ = undefined;
    this.has_spoken_ = false;
    opened.onopen = () => {
      this.set_timer_(opening_ms_max, () => this.lose_('no answer'));
      opened.send(JSON.stringify({ t: 'hello', token, device, client: this.client_, lean: true }));
    };
    opened.onmessage = (message) => {
      for (const each of plain(JSON.parse(message.data as string))) this.on_frame_(each);
    };
    opened.onclose = (event) => this.on_close_(event.code, event.reason);
    this.set_timer_(socket_ms_max, () => this.lose_('no answer'));
  }

  private open_socket_(): socket {
    const url = new URL('/v1/socket', this.url_);
    url.protocol = url.protocol.replace('http', 'ws');
    const protocols = ['frontdesk.v1.json'];
    // A browser can say nothing else in front of a WebSocket.
    if (this.seat_) protocols.push(`frontdesk.seat.${this.seat_}`);
    return this.env_.open_socket(url.href, protocols);
  }

  // While another way works: a WebSocket that opens is enough, nothing is said on it.
  private probe_later_(): void {
    this.probe_timer_ = this.env_.set_timeout(() => {
      const probe = (this.probe_ = this.open_socket_());
      probe.onopen = () => this.on_probed_(true);
      probe.onclose = () => this.on_probed_(false);
      this.probe_timer_ = this.env_.set_timeout(() => this.on_probed_(false), socket_ms_max);
    }, this.ways_.probe_in_ms());
  }

  private on_probed_(passes: boolean): void {
    this.drop_probe_();
    this.ways_.probed(passes);
    if (passes) this.restart();
    else this.probe_later_();
  }

  private drop_probe_(): void {
    this.env_.clear_timeout(this.probe_timer_);
    const probe = this.probe_;
    this.probe_ = undefined;
    if (!probe) return;
    probe.onopen = probe.onclose = null;
    probe.close();
  }

  private on_frame_(frame: server_frame): void {
    if (frame.t === 'bye') this.bye_ = frame;
    if (!this.has_spoken_) {
      this.has_spoken_ = true;
      this.ways_.spoke(this.way_);
      if (this.way_ !== 'socket') this.probe_later_();
    }
    const is_welcome = frame.t === 'welcome';
    if (is_welcome) {
      this.online_since_ = this.env_.now();
      this.token_refused_ = false;
      this.state = { name: 'online' };
    }
    if (this.state.name !== 'online') return;
    this.set_timer_(silence_ms_max, () => this.lose_('silence'));
    if (frame.t === 'ping') this.send({ t: 'pong' });
    this.owner_.on_frame(frame);
    // Told after the frame, so that who hears "online" finds what the welcome said.
    if (is_welcome && this.state.name === 'online') this.owner_.on_state(this.state);
  }

  private on_close_(socket_code: number, socket_reason: string): void {
    const code = this.bye_?.code ?? socket_code;
    const reason = this.bye_?.reason ?? socket_reason;
    const digit = Math.floor(code / 100);
    if (digit === 45) return this.stop(reason, code);
    this.token_refused_ = digit === 44;
    this.lose_(reason || 'lost', code, this.bye_?.retry_after_ms);
  }

  private on_no_credentials_(fault: unknown): void {
    const known = fault instanceof desk_fault ? fault : undefined;
    if (known && !known.retry) return this.stop(known.code);
    this.lose_(known?.code ?? 'unreachable', 0, known?.retry_after_ms);
  }

  private lose_(reason: string, code = 0, retry_after_ms?: number): void {
    const was_stable =
      this.state.name === 'online' && this.env_.now() - this.online_since_ >= stable_ms;
    if (was_stable) this.failures_ = 0;
    const was_tried = this.socket_ !== undefined && !this.has_spoken_;
    const moves_on =
      was_tried && this.env_.is_network_up() && this.ways_.failed(this.way_, reason);
    this.drop_socket_();
    if (moves_on) return this.wait_(0, reason, code);
    const ceiling = Math.min(back_off_ms_max, back_off_ms_min * 2 ** this.failures_);
    this.failures_ = Math.min(this.failures_ + 1, 10);
    this.wait_(retry_after_ms ?? this.env_.random() * ceiling, reason, code);
    this.has_slot_ = retry_after_ms !== undefined;
  }

  private wait_(delay_ms: number, reason: string, code: number): void {
    this.has_slot_ = false;
    const name = this.env_.is_network_up() ? 'reconnecting' : 'offline';
    this.set_state_({ name, reason, code, retry_at: this.env_.now() + delay_ms });
    this.set_timer_(delay_ms, () => void this.open_());
  }

  private on_network_change_(): void {
    if (!this.env_.is_network_up()) {
      // Waits as after a loss instead of for ever: the browser's word is a hint, and a node on this
      // machine can be reached without any network.
      if (this.state.name !== 'offline') this.lose_('no network');
    } else if (this.state.name === 'offline' || this.state.name === 'reconnecting') {
      this.failures_ = 0;
      if (!this.has_slot_) this.restart();
    }
  }

  private drop_socket_(): void {
    ++this.turn_;
    this.env_.clear_timeout(this.timer_);
    this.drop_probe_();
    const socket = this.socket_;
    this.socket_ = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.owner_.on_down();
  }

  private set_timer_(delay_ms: number, callback: () => void): void {
    this.env_.clear_timeout(this.timer_);
    this.timer_ = this.env_.set_timeout(callback, delay_ms);
  }

  private set_state_(state: connection_state): void {
    this.state = state;
    this.owner_.on_state(state);
  }
}
