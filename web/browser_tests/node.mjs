import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const built = fileURLToPath(new URL('../../build/release/frontdesk', import.meta.url));
const binary = process.env.FRONTDESK_BINARY ?? built;
const start_ms_max = 60_000;
const stop_ms_max = 15_000;
const run = promisify(execFile);

/// A demo desk with a data directory of its own, which may die and come back at the same port.
export class desk_node {
  passwords = {};
  port = 0;
  log = '';
  /// Where operators look; another port at each start.
  internal_origin = '';
  /// Options of `start`.
  tls = [];
  /// The origin of a proxy through which everybody comes.
  front;

  static async start() {
    const node = new desk_node();
    node.folder = await mkdtemp(join(tmpdir(), 'frontdesk-browser-'));
    node.data = join(node.folder, 'data');
    try {
      await node.begin();
    } catch (fault) {
      await node.remove();
      throw fault;
    }
    return node;
  }

  get origin() {
    return this.front ?? this.own_origin;
  }

  get own_origin() {
    return `${this.tls.length > 0 ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  async begin() {
    const listen = `127.0.0.1:${this.port}`;
    const options = ['start', '--demo', '--data', this.data, '--listen', listen];
    options.push('--internal-listen', '127.0.0.1:0');
    // A machine that runs tests is loaded, and not by the node.
    options.push('--tier', '0', ...this.tls);
    this.process = spawn(binary, options, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = once(this.process, 'exit');
    this.exited.catch(() => undefined);
    let out = '';
    await new Promise((resolve, reject) => {
      const say = (what) => reject(new Error(`${what}: ${out}`));
      const timer = setTimeout(() => say('the node did not get ready'), start_ms_max);
      this.process.once('error', reject);
      this.process.once('exit', (code) => say(`the node ended with ${code}`));
      const hear = (bytes) => {
        out += bytes;
        this.log += bytes;
        const ready = /ready on https?:\/\/[^\s:]+:(\d+)/.exec(out);
        // The passwords may come after the address.
        const told = this.port !== 0 || /leo@demo\.example\s+\S+\s/.test(out);
        if (!ready || !told) return;
        this.port = Number(ready[1]);
        this.internal_origin = /tells operators on (\S+)/.exec(out)[1];
        clearTimeout(timer);
        resolve();
      };
      this.process.stdout.on('data', hear);
      this.process.stderr.on('data', hear);
    });
    for (const [, who, password] of out.matchAll(/(\w+)@demo\.example {2,}(\S+)/g)) {
      this.passwords[who] ??= password;
    }
  }

  /// Comes back with a certificate that nobody but a test would believe.
  async speak_tls() {
    await this.kill();
    const [certificate, key] = ['desk.crt', 'desk.key'].map((name) => join(this.folder, name));
    const wish = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2';
    const files = ['-subj', '/CN=127.0.0.1', '-out', certificate, '-keyout', key];
    await run('openssl', [...wish.split(' '), ...files]);
    this.tls = ['--tls-certificate', certificate, '--tls-key', key];
    await this.begin();
  }

  /// As a power cut would.
  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  /// Somebody who works here from now on.
  async hire(name, role) {
    this.passwords[name] = `${name} has a password`;
    const wish = ['--role', role, '--password', this.passwords[name], '--data', this.data];
    await run(binary, ['agent', 'create', `${name}@demo.example`, '--name', name, ...wish]);
  }

  /// Whatever the load is.
  async stay_in_tier(tier) {
    await run(binary, ['tier', String(tier), '--for', '10m', '--data', this.data]);
  }

  async back_up() {
    await run(binary, ['backup', join(this.folder, 'kept'), '--data', this.data]);
  }

  /// The desk as it was when it was backed up takes the place of this one, which has ended.
  async restore() {
    this.data = join(this.folder, 'restored');
    await run(binary, ['restore', join(this.folder, 'kept'), '--data', this.data]);
  }

  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM');
      const timer = setTimeout(() => this.process.kill('SIGKILL'), stop_ms_max);
      await this.exited;
      clearTimeout(timer);
    }
    await this.remove();
  }

  async remove() {
    await rm(this.folder, { recursive: true, force: true });
  }
}
