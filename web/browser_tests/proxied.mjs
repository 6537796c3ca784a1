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
/// keeps answers back until they are whole or fill its buffers.
class buffering_proxy {
  static async start(node, lines) {
    const proxy = new buffering_proxy();
    const { folder } = node;
    proxy.log = join(folder, 'requests.log');
    proxy.errors = join(folder, 'proxy.log');
    const listening = createServer().listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const { port } = listening.address();
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const configuration = join(folder, 'nginx.conf');
    await writeFile(
      configuration,
      `${process.getuid() === 0 ? 'user root;' : ''} daemon off; worker_processes 1;
      pid ${folder}/pid; error_log ${proxy.errors} warn;
      events { worker_connections 256; }
      http {
        log_format plain '$request_method $uri $status'; access_log ${proxy.log} plain;
        ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
        server {
          listen 127.0.0.1:${port};
          location / {
            proxy_pass ${node.own_origin}; proxy_set_header Host $http_host;
            proxy_buffering on; ${lines}
          }
        }
      }\n`,
    );
    const words = ['-c', configuration, '-p', folder];
    const stdio = ['ignore', 'ignore', 'inherit', listening._handle.fd];
    proxy.process = spawn(program, words, { stdio, env: { NGINX: `${inherited};` } });
    proxy.exited = once(proxy.process, 'exit');
    await once(proxy.process, 'spawn');
    listening.close();
    node.front = `http://127.0.0.1:${port}`;
    return proxy;
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

  async 'behind an nginx that keeps streams back, both talk by polls'(desk) {
    await behind(desk, 'proxy_ignore_headers X-Accel-Buffering;', async (proxy) => {
      await chat(desk);
      await until('polls', async () => (await proxy.requests()).includes('POST /v1/poll 200'));
      const requests = await proxy.requests();
      assert.ok(requests.includes('GET /v1/socket 400'), requests.join('\n'));
      assert.ok(!requests.some((each) => each.startsWith('GET /v1/socket 101')));
    });
  },
};
