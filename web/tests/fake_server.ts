import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { fake_desk } from './fake_desk';

/// The fake desk behind real sockets, with the built pages: for looking at them without a node.

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; " +
  "img-src 'self' data: blob:";
const dist = fileURLToPath(new URL('../dist', import.meta.url));

export interface fake_server {
  desk: fake_desk;
  origin: string;
  close(): void;
}

export async function serve(port = 0): Promise<fake_server> {
  const desk = new fake_desk({ now: () => Date.now(), set_timeout: setTimeout });
  let visitors = 0;
  const http = createServer((request, response) => void answer(request, response));
  const sockets = new WebSocketServer({ server: http, path: '/v1/socket' });
  sockets.on('connection', (socket) => {
    const connection = desk.accept(
      (text) => socket.send(text),
      (code) => (code === 1006 ? socket.terminate() : socket.close(code)),
    );
    socket.on('message', (data) => connection.receive(String(data)));
    socket.on('close', () => connection.gone());
  });
  const pings = setInterval(() => desk.ping(), 25_000);
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(http.address() as { port: number }).port}`;
  return {
    desk,
    origin,
    close() {
      clearInterval(pings);
      http.close();
      http.closeAllConnections();
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url!, 'http://desk').pathname;
    if (path.startsWith('/v1/files')) return files(path, request, response);
    if (request.method === 'POST') {
      const body = JSON.parse(await text(request)) as Record<string, string>;
      const [status, reply] = post(path, body);
      response.writeHead(status, { 'Content-Type': 'application/json' });
      return void response.end(JSON.stringify(reply));
    }
    try {
      const file = path.endsWith('/') ? `${path}index.html` : path;
      const bytes = await readFile(dist + file);
      response.writeHead(200, {
        'Content-Type': types[extname(file)] ?? 'application/octet-stream',
        'Content-Security-Policy': policy,
      });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }

  async function files(path: string, request: IncomingMessage, response: ServerResponse) {
    const parts: BlobPart[] = [];
    for await (const part of request) parts.push(part as Uint8Array<ArrayBuffer>);
    const headers = request.headers as Record<string, string>;
    const body = new Blob(parts);
    const token = headers.authorization.replace('Bearer ', '');
    const answer = await desk.files.fetch(path, { method: request.method, headers, body }, token);
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  }

  function post(path: string, body: Record<string, string>): [number, object] {
    if (path === '/v1/visitors') {
      if (body.widget_key !== 'demo') return [404, fault('unknown_inbox')];
      const visitor = `visitor:${(++visitors).toString(16).padStart(16, '0')}`;
      return [201, { token: visitor, visitor, inbox: desk.inbox }];
    }
    const agents = [...desk.agents.values()];
    const agent =
      path === '/v1/sessions/refresh'
        ? agents.find((each) => each.person === body.refresh_token)
        : agents.find(
            (each) => `${each.name.split(' ')[0].toLowerCase()}@example.com` === body.email,
          );
    if (!agent) return [401, fault('bad_credentials')];
    const { person, name } = agent;
    const session = { token: person, refresh_token: person, expires_in: 3_600 };
    return [201, { ...session, agent: { ref: person, name, role: 'agent' } }];
  }
}

function fault(code: string) {
  return { code, message: code, retry: false };
}

async function text(request: IncomingMessage): Promise<string> {
  let all = '';
  for await (const part of request) all += part;
  return all;
}
