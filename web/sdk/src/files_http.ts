import type { environment } from './environment';
import { desk_fault } from './fault';

export function file_path(conversation: string, file: string): string {
  return `/v1/files/${conversation}/${file}`;
}

/// A request to `/v1/files`. Anything but success is a `desk_fault`.
export async function file_request(
  env: environment,
  url: string,
  token: string,
  request: RequestInit,
): Promise<Response> {
  const headers = { ...(request.headers as object), Authorization: `Bearer ${token}` };
  const answer = await env.fetch(url, { ...request, headers });
  if (answer.ok) return answer;
  throw await refusal_of(answer);
}

const by_status: Record<number, string> = {
  401: 'token_expired',
  403: 'forbidden',
  404: 'unknown_file',
  413: 'too_large',
  415: 'file_type',
  429: 'rate_limited',
  507: 'storage_full',
};
// After these the same request, or the rest of it, may succeed.
const passing = new Set([401, 408, 425, 429]);

// A HEAD is answered without a body, and what stands before the node may answer with none of ours.
async function refusal_of(answer: Response): Promise<desk_fault> {
  const told = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  const code = told.code ?? by_status[answer.status] ?? 'busy';
  // Another offset is no end: the node is asked where to go on.
  const is_elsewhere = answer.status === 409 && (code === 'out_of_order' || !told.code);
  const may_pass = passing.has(answer.status) || is_elsewhere;
  const retry = may_pass || (told.retry ?? answer.status >= 500) === true;
  const seconds = Number(answer.headers.get('Retry-After'));
  const retry_after_ms =
    (told.retry_after_ms as number) ?? (seconds > 0 ? seconds * 1_000 : undefined);
  return new desk_fault(String(code), String(told.message ?? code), retry, retry_after_ms);
}

/// What went wrong with a file, in the words of the desk: a request that failed may be sent again.
export function file_fault(fault: unknown): desk_fault {
  if (fault instanceof desk_fault) return fault;
  const is_gone = fault instanceof DOMException && /NotFound|NotReadable/.test(fault.name);
  if (is_gone) return new desk_fault('file_lost', 'The file cannot be read any more.', false);
  return new desk_fault('unreachable', 'The desk cannot be reached.', true);
}
