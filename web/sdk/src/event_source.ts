import type { event_source } from './environment';

export interface wishes {
  device: string;
  subs: { conversation: string; after: number; internal_after?: number }[];
  is_watching: boolean;
}

// The node reads addresses of 2048 bytes, of which a ticket has at most 512 (docs/wire.md §8).
const wishes_bytes_max = 1_500;

/// What a stream is asked for, as the query of `GET /v1/events` that still wants its ticket;
/// undefined if an address has no room for it.
export function query_of({ device, subs, is_watching }: wishes): string | undefined {
  const words = [`device=${device}`];
  for (const { conversation, after, internal_after } of subs) {
    const internal = internal_after === undefined ? '' : `.${internal_after}`;
    words.push(`sub=${conversation}.${after}${internal}`);
  }
  if (is_watching) words.push('watch=1');
  const query = words.join('&');
  return query.length > wishes_bytes_max ? undefined : query;
}

/// From the answer of `POST /v1/tickets`; undefined if somebody else has answered.
export function ticket_in(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { ticket?: string }).ticket;
  } catch {
    return undefined;
  }
}

/// Until the stream ends. It never comes back by itself, as browsers would have it: a ticket is
/// good for one stream, and the positions have moved on.
export function hear_events(
  source: event_source,
  hear: (line: string) => void,
  until: AbortSignal,
): Promise<void> {
  return new Promise((ended) => {
    const end = () => {
      source.close();
      ended();
    };
    source.onmessage = ({ data }) => hear(data as string);
    source.onerror = end;
    until.addEventListener('abort', end, { once: true });
  });
}
