import { desk_fault } from './fault';
import type { inbox } from './wire';

/// What `POST /v1/visitors` gives: keep it, the token names this visitor for a year.
export interface visitor_identity {
  token: string;
  visitor: string;
  inbox: inbox;
}

/// What `POST /v1/sessions` gives.
export interface session {
  token: string;
  refresh_token: string;
  expires_in: number;
  agent: { ref: string; name: string; role: string };
}

export function create_visitor(url: string, widget_key: string): Promise<visitor_identity> {
  return request(url, '/v1/visitors', { widget_key });
}

export function sign_in(
  url: string,
  credentials: { email: string; password: string; tenant?: string },
): Promise<session> {
  return request(url, '/v1/sessions', credentials);
}

export function refresh_session(url: string, refresh_token: string): Promise<session> {
  return request(url, '/v1/sessions/refresh', { refresh_token });
}

async function request<answer>(url: string, path: string, body: object): Promise<answer> {
  let response: Response;
  let answer: Record<string, unknown>;
  try {
    response = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    answer = await response.json();
  } catch {
    throw new desk_fault('unreachable', 'The desk cannot be reached.', true);
  }
  if (!response.ok) {
    throw new desk_fault(
      String(answer.code ?? response.status),
      String(answer.message ?? response.statusText),
      answer.retry !== false,
      answer.retry_after_ms as number | undefined,
    );
  }
  return answer as answer;
}
