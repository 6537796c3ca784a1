import { beforeEach, expect, test, vi } from 'vitest';
import { drafts } from '../src/state/drafts';
import { agent_session } from '../src/state/session';

class shelf {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}

let storage: shelf;
beforeEach(() => {
  storage = new shelf();
});

const session = (token: string, expires_in = 3_600) => ({
  token,
  refresh_token: `refresh ${token}`,
  expires_in,
  agent: { ref: 'agent:1', name: 'Clara', role: 'agent' },
});

function desk_answers(...answers: [number, object][]) {
  const asked = vi.fn(async (_url: unknown, _request: { body: string }) => {
    const [status, body] = answers.shift()!;
    return new Response(JSON.stringify(body), { status });
  });
  vi.stubGlobal('fetch', asked);
  return asked;
}

test('drafts are kept per conversation and track, over a reload', () => {
  const before = new drafts(storage);
  before.set('a', 'public', 'Dear');
  before.set('a', 'internal', 'careful');
  before.set('b', 'public', 'gone');
  before.set('b', 'public', '');
  before.save();

  const after = new drafts(storage);
  expect(after.get('a', 'public')).toBe('Dear');
  expect(after.get('a', 'internal')).toBe('careful');
  expect(after.get('b', 'public')).toBe('');
});

test('a broken or full store costs no draft of this page', () => {
  storage.items.set('frontdesk.console.drafts', '{broken');
  const kept = new drafts({
    getItem: storage.getItem,
    setItem: () => {
      throw new Error('full');
    },
  });
  kept.set('a', 'public', 'text');
  kept.save();

  expect(kept.get('a', 'public')).toBe('text');
});

test('a session survives a reload and ends with log-out', async () => {
  desk_answers([201, session('t1')]);
  await new agent_session('http://desk', storage).begin('a@b.c', 'secret');

  const reloaded = new agent_session('http://desk', storage);
  expect(reloaded.agent?.name).toBe('Clara');
  expect(await reloaded.token()).toBe('t1');
  reloaded.end();
  expect(new agent_session('http://desk', storage).agent).toBeUndefined();
  expect([...storage.items.values()].join()).not.toContain('secret');
});

test('no tenant is named to a desk unless somebody did', async () => {
  const asked = desk_answers([201, session('t1')], [201, session('t1')]);
  const agent = new agent_session('http://desk', storage);
  await agent.begin('a@b.c', 'secret');
  await agent.begin('a@b.c', 'secret', 'acme');

  const bodies = asked.mock.calls.map(([, request]) => JSON.parse(request.body));
  expect(bodies[0]).not.toHaveProperty('tenant');
  expect(bodies[1].tenant).toBe('acme');
});

test('a refused token is renewed once, however many ask', async () => {
  const asked = desk_answers([201, session('t1')], [201, session('t2')]);
  const agent = new agent_session('http://desk', storage);
  await agent.begin('a@b.c', 'secret');

  expect(await Promise.all([agent.token(true), agent.token(true)])).toEqual(['t2', 't2']);
  expect(asked).toHaveBeenCalledTimes(2);
  expect(JSON.parse(asked.mock.calls[1][1].body)).toEqual({ refresh_token: 'refresh t1' });
});

test('a refresh that the desk refuses says that somebody has to sign in', async () => {
  desk_answers(
    [201, session('t1', 0)],
    [401, { code: 'token_expired', message: '', retry: false }],
  );
  const agent = new agent_session('http://desk', storage);
  await agent.begin('a@b.c', 'secret');

  await expect(agent.token()).rejects.toMatchObject({ code: 'token_expired', retry: false });
});
