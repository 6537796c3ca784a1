import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { desk_node } from '../browser_tests/node.mjs';

// A WebSocket client that was not written here, npm's ws, against the real node:
// `FRONTDESK_BINARY=… npm run test:interop`.

const subprotocol = 'frontdesk.v1.json';
const patience_ms = 60_000;
let node;
let devices = 0;

before(async () => (node = await desk_node.start()));
after(() => node.stop());

function open(protocols = subprotocol, options = {}) {
  const url = `${node.origin.replace('http', 'ws')}/v1/socket`;
  return new WebSocket(url, protocols, options);
}

/// A link whose frames are waited for one by one.
class link {
  heard = [];
  waiting = [];

  static async open(protocols, options) {
    const here = new link();
    here.socket = open(protocols, options);
    here.closed = once(here.socket, 'close').then(([code]) => code);
    here.socket.on('message', (data, is_binary) => {
      assert.equal(is_binary, false);
      here.heard.push(JSON.parse(String(data)));
      here.waiting.shift()?.();
    });
    await once(here.socket, 'open');
    return here;
  }

  say(frame, options) {
    this.socket.send(JSON.stringify(frame), options);
  }

  /// The next frame of this kind; others are passed over.
  async hears(t) {
    const end = AbortSignal.timeout(patience_ms);
    for (;;) {
      while (this.heard.length > 0) {
        const frame = this.heard.shift();
        if (frame.t === t) return frame;
      }
      await new Promise((resolve, reject) => {
        this.waiting.push(resolve);
        end.addEventListener('abort', () => reject(new Error(`no ${t} came`)));
      });
    }
  }

  async enter(token) {
    const device = (++devices).toString(16).padStart(32, '0');
    this.say({ t: 'hello', token, device, client: 'ws' });
    await this.hears('welcome');
    return this.hears('roster');
  }
}

async function new_token() {
  const answer = await fetch(`${node.origin}/v1/visitors`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ widget_key: 'demo' }),
  });
  return (await answer.json()).token;
}

async function visitor(protocols, options) {
  const token = await new_token();
  const here = await link.open(protocols, options);
  const { next } = await here.enter(token);
  return { here, next, token };
}

test('the subprotocol is chosen among several', async () => {
  const { here } = await visitor(['chat', subprotocol, 'soap']);
  assert.equal(here.socket.protocol, subprotocol);
  here.socket.close();
});

test('without the subprotocol there is no socket', async () => {
  for (const offered of [[], ['chat']]) {
    const [, answer] = await once(open(offered), 'unexpected-response');
    assert.equal(answer.statusCode, 400);
    answer.destroy();
  }
});

test('compression is offered and not taken', async () => {
  const { here, next } = await visitor(subprotocol, { perMessageDeflate: true });
  assert.equal(here.socket.extensions, '');
  here.say({ t: 'post', conversation: next, n: 1, text: 'plain' });
  assert.equal((await here.hears('ack')).seq, 2);
  here.socket.close();
});

test('a frame in fragments is one frame, also with a ping between them', async () => {
  const { here, next } = await visitor();
  const text = '片'.repeat(5_000);
  const bytes = Buffer.from(JSON.stringify({ t: 'post', conversation: next, n: 1, text }));
  const pong = once(here.socket, 'pong');
  for (let i = 0; i < bytes.length; i += 1_000) {
    if (i === 3_000) here.socket.ping('between');
    const part = bytes.subarray(i, i + 1_000);
    here.socket.send(part, { binary: false, fin: i + 1_000 >= bytes.length });
  }
  assert.equal(String((await pong)[0]), 'between');
  await here.hears('ack');
  here.say({ t: 'history', id: 1, conversation: next, after: 1, limit: 1 });
  assert.equal((await here.hears('page')).events[0].text, text);
  here.socket.close();
});

test('pings of any size are answered', async () => {
  const { here } = await visitor();
  for (const size of [0, 1, 125]) {
    const pong = once(here.socket, 'pong');
    here.socket.ping('p'.repeat(size));
    assert.equal((await pong)[0].length, size);
  }
  here.socket.close();
});

test('the largest texts go up, and a page of them comes down', async () => {
  const { here, next } = await visitor();
  const texts = [...'abcdefg'].map((each) => each.repeat(32_768));
  texts.push('"'.repeat(32_000));
  for (const [i, text] of texts.entries()) {
    here.say({ t: 'post', conversation: next, n: i + 1, text });
    assert.equal((await here.hears('ack')).n, i + 1);
  }
  const read = [];
  for (let more = true, seq = 1; more; ) {
    here.say({ t: 'history', id: 2, conversation: next, after: seq, limit: 200 });
    const page = await here.hears('page');
    read.push(...page.events.filter(({ kind }) => kind === 'message').map(({ text }) => text));
    ({ more } = page);
    ({ seq } = page.events.at(-1));
  }
  assert.deepEqual(read, texts);
  here.socket.close();
});

test('a frame above 64 KiB ends the connection with 1009', async () => {
  const { here } = await visitor();
  here.socket.send('x'.repeat(65_537));
  assert.equal(await here.closed, 1009);
});

test('a binary message ends it with 4500, a first frame that is no hello with bye and 4502', async () => {
  const { here } = await visitor();
  here.socket.send(Buffer.from('{"t":"pong"}'));
  assert.equal(await here.closed, 4500);

  const other = await link.open();
  other.say({ t: 'pong' });
  assert.equal((await other.hears('bye')).code, 4502);
  assert.equal(await other.closed, 4502);
});

test('a close of the client is answered', async () => {
  for (const [code, said] of [
    [1000, 1000],
    [4001, 4001],
    [undefined, 1005],
  ]) {
    const { here } = await visitor();
    here.socket.close(code, code === undefined ? undefined : 'enough');
    const heard = await here.closed;
    assert.ok(heard === said || heard === 1000, `closed with ${heard}`);
  }
});

test('a client that is killed comes back as itself', async () => {
  const { here, next, token } = await visitor();
  here.say({ t: 'post', conversation: next, n: 1, text: 'before' });
  await here.hears('ack');
  here.socket.terminate();

  const again = await link.open();
  const { items } = await again.enter(token);
  assert.equal(items[0].conversation, next);
  again.say({ t: 'sub', subs: [{ conversation: next, after: 1 }] });
  assert.equal((await again.hears('event')).text, 'before');
  again.socket.close();
});
