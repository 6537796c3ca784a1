import type { lean_frame, server_frame } from './wire';

/// What a desk at its limit says in few bytes, as it says it at other times.
export function* plain(frame: server_frame | lean_frame): Generator<server_frame> {
  if (frame.t !== 'lean') {
    yield frame;
    return;
  }
  const { conversation, after, time } = frame;
  for (const [index, { author, ms = 0, text }] of frame.said.entries()) {
    const seq = after + index + 1;
    yield { t: 'event', kind: 'message', conversation, seq, time: time + ms, author, text };
  }
}
