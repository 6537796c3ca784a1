import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until } from './until.mjs';

const program = process.env.NGINX ?? '/usr/sbin/nginx';
// The descriptor on which it finds its socket, as an old nginx leaves it to a new one.
const inherited = 3;

/// Debian's nginx before a node, as many stand in companies: it forwards no WebSocket upgrade, and
/// keeps answers back until they are whole or fill its buffers. It may die and come back at the same
/// port.
class buffering_proxy {
  port = 0;

  static async start(node, lines) {
    const proxy = new buffering_proxy();
    proxy.node = node;
    proxy.lines = lines;
    proxy.log = join(node.folder, 'requests.log');
    await proxy.begin();
    node.front = proxy.origin;
    return proxy;
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  async begin() {
    const { folder } = this.node;
    const listening = createServer().listen(this.port, '127.0.0.1');
    await once(listening, 'listening');
    this.port = listening.address().port;
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const configuration = join(folder, 'nginx.conf');
    await writeFile(
      configuration,
      `${process.getuid() === 0 ? 'user root;' : ''} daemon off; worker_processes 1;
      pid ${folder}/pid; error_log ${folder}/proxy.log warn;
      events { worker_connections 256; }
      http {
        log_format plain '$request_method $uri $status'; access_log ${this.log} plain;
        ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
        server {
          listen 127.0.0.1:${this.port};
          proxy_set_header Host $http_host; proxy_buffering on;
          location / { proxy_pass ${this.node.own_origin}; }
          ${this.lines}
        }
      }\n`,
    );
    const words = ['-c', configuration, '-p', folder];
    const stdio = ['ignore', 'ignore', 'inherit', listening._handle.fd];
    this.process = spawn(program, words, { stdio, env: { NGINX: `${inherited};` } });
    this.exited = once(this.process, 'exit');
    await once(this.process, 'spawn');
    listening.close();
  }

  async stop() {
    // Not SIGKILL, which would leave its worker behind.
    this.process.kill('SIGTERM');
    await this.exited;
  }

  /// Requests that have ended, as `POST /v1/poll 200`.
  async requests() {
    return (await readFile(this.log, 'utf8')).split('\n');
  }
}

/// Keeps a stream back, but lets pass what asks to be.
function holds_streams(node) {
  const holds = 'proxy_ignore_headers X-Accel-Buffering;';
  return `location = /v1/stream { proxy_pass ${node.own_origin}; ${holds} }`;
}

async function behind(desk, lines, play) {
  const proxy = await buffering_proxy.start(desk.node, lines);
  try {
    await play(proxy);
  } finally {
    await proxy.stop();
  }
}

/// Both talk, reload, lose their node and have it back.
async function chat(desk) {
  const mia = await desk.agent('mia');
  const ann = await desk.visitor('ann');
  const said = ['Do you ship to Norway?', 'We do!'];
  await ann.write(said[0]);
  await mia.choose(said[0]);
  await mia.write(said[1]);
  await ann.sees(...said);

  await Promise.all([mia.page.reload(), ann.page.reload()]);
  await ann.field.waitFor();
  await mia.is('accepting');
  await mia.choose(said[1]);
  await ann.write('And to Sweden?');
  said.push('And to Sweden?');
  await mia.sees(...said);

  await desk.node.kill();
  await ann.write('Written while the node is away');
  said.push('Written while the node is away');
  await desk.node.begin();
  await mia.sees(...said);
  await mia.write('To Sweden, too.');
  said.push('To Sweden, too.');
  await ann.sees(...said);
  await ann.delivered('Read');
}

/// Each is given a fresh desk; everybody comes through a proxy.
export const proxied = {
  async 'behind an nginx that forwards no upgrade, both talk by a stream that it lets pass'(desk) {
    await behind(desk, '', async (proxy) => {
      await chat(desk);
      const requests = await proxy.requests();
      assert.ok(requests.includes('GET /v1/socket 400'), requests.join('\n'));
      assert.ok(requests.includes('POST /v1/stream 200'), requests.join('\n'));
      assert.ok(!requests.includes('POST /v1/poll 200'), requests.join('\n'));
    });
  },

  async 'behind an nginx that keeps streams back but no events, both talk by events'(desk) {
    await behind(desk, holds_streams(desk.node), async (proxy) => {
      await chat(desk);
      const requests = await proxy.requests();
      assert.ok(requests.includes('GET /v1/socket 400'), requests.join('\n'));
      assert.ok(requests.includes('POST /v1/stream 499'), requests.join('\n'));
      assert.ok(requests.includes('GET /v1/events 200'), requests.join('\n'));
      assert.ok(!requests.includes('POST /v1/poll 200'), requests.join('\n'));
    });
  },

  async 'by events, what is said while the proxy is away is there afterwards, once'(desk) {
    const { node } = desk;
    // Mia comes by herself, so that she can speak then.
    const mia = await desk.agent('mia');
    await behind(desk, holds_streams(node), async (proxy) => {
      const ann = await desk.visitor('ann');
      const said = ['Do you ship to Norway?'];
      await ann.write(said[0]);
      await mia.choose(said[0]);
      for (let round = 1; round <= 3; round++) {
        await proxy.stop();
        await mia.write(`Said in gap ${round}`);
        await ann.write(`Asked in gap ${round}`);
        await mia.sees(...said, `Said in gap ${round}`);
        await mia.delivered('sent');
        await proxy.begin();
        said.push(`Said in gap ${round}`, `Asked in gap ${round}`);
        await ann.sees(...said);
        await mia.sees(...said);
      }
      await ann.delivered('Read');
      assert.equal(await ann.way(), 'events');
      const requests = await proxy.requests();
      assert.ok(!requests.includes('POST /v1/poll 200'), requests.join('\n'));
      // What a browser asks by itself is refused: its ticket is used.
      assert.ok(!requests.includes('GET /v1/events 401'), requests.join('\n'));
    });
  },

  async 'behind an nginx that keeps streams and events back, both talk by polls'(desk) {
    await behind(desk, 'proxy_ignore_headers X-Accel-Buffering;', async (proxy) => {
      await chat(desk);
      await until('polls', async () => (await proxy.requests()).includes('POST /v1/poll 200'));
      const requests = await proxy.requests();
      assert.ok(requests.includes('GET /v1/events 499'), requests.join('\n'));
      assert.ok(requests.includes('GET /v1/socket 400'), requests.join('\n'));
      assert.ok(!requests.some((each) => each.startsWith('GET /v1/socket 101')));
    });
  },
};
