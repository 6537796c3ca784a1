import { name_of } from './folding';
import type { thread_host } from './thread';
import type { message_event, page_frame, track } from './wire';

const quoted_max = 200;

/// Single messages that others answer and that are older than what a thread holds.
export class quoted {
  // 'asked' while nobody knows, and where there is none.
  private readonly known_ = new Map<string, message_event | 'asked'>();

  constructor(
    private readonly conversation_: string,
    private readonly host_: Pick<thread_host, 'is_online' | 'request'>,
    private readonly on_come_: () => void,
  ) {}

  /// One that is not here is fetched.
  get(seq: number, track: track): message_event | undefined {
    const known = this.known_.get(name_of(track, seq));
    if (!known) this.ask_(seq, track);
    return known === 'asked' ? undefined : known;
  }

  on_down(): void {
    for (const [name, known] of this.known_) if (known === 'asked') this.known_.delete(name);
  }

  forget(): void {
    this.known_.clear();
  }

  private ask_(seq: number, track: track): void {
    if (!this.host_.is_online || this.known_.size >= quoted_max) return;
    const name = name_of(track, seq);
    this.known_.set(name, 'asked');
    const conversation = this.conversation_;
    const wish = { conversation, track, after: seq - 1, limit: 1 };
    this.host_.request<page_frame>({ t: 'history', id: 0, ...wish }).then(
      ({ events: [event] }) => {
        if (event?.kind === 'message') this.known_.set(name, { ...event, conversation, track });
        this.on_come_();
      },
      () => this.known_.delete(name),
    );
  }
}
