import type { environment } from './environment';
import { desk_fault } from './fault';
import type { client_frame, fault_frame } from './wire';

const answer_ms_max = 15_000;

interface question {
  resolve(answer: unknown): void;
  reject(fault: desk_fault): void;
  timer: unknown;
}

/// Frames that are answered under the `id` that they bear. None outlives its connection: an answer
/// that is still wanted then is asked for again by whoever wants it.
export class requests {
  private id_ = 0;
  private is_up_ = false;
  private readonly open_ = new Map<number, question>();

  constructor(
    private readonly env_: environment,
    private readonly send_: (frame: client_frame) => void,
  ) {}

  ask<answer = void>(frame: client_frame & { id: number }): Promise<answer> {
    if (!this.is_up_) return Promise.reject(offline());
    const id = ++this.id_;
    return new Promise((resolve, reject) => {
      const timer = this.env_.set_timeout(() => {
        this.open_.delete(id);
        reject(new desk_fault('timeout', 'The desk did not answer.', true));
      }, answer_ms_max);
      this.open_.set(id, { resolve: resolve as (answer: unknown) => void, reject, timer });
      this.send_({ ...frame, id } as client_frame);
    });
  }

  on_answer(frame: { id: number }): void {
    this.take_(frame.id)?.resolve(frame);
  }

  on_fault(frame: fault_frame): void {
    const { code, message, retry, retry_after_ms } = frame;
    this.take_(frame.id!)?.reject(new desk_fault(code, message, retry, retry_after_ms));
  }

  on_up(): void {
    this.is_up_ = true;
  }

  on_down(): void {
    this.is_up_ = false;
    for (const id of [...this.open_.keys()]) this.take_(id)!.reject(offline());
  }

  private take_(id: number): question | undefined {
    const question = this.open_.get(id);
    this.open_.delete(id);
    this.env_.clear_timeout(question?.timer);
    return question;
  }
}

function offline(): desk_fault {
  return new desk_fault('offline', 'There is no connection to the desk.', true);
}
