import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { server_frame } from '../sdk/src/wire';
import type { fake_connection } from './fake_connection';
import { agent_of, known_values, type json, type json_object } from './conformance_values';
import { ann, lin, world, type tab } from './world';

/// The vectors of tests/conformance (see its README.md) that examine a client, played against the
/// SDK by a desk that says what they say.

interface vector {
  name: string;
  proves: string;
  side: 'client' | 'server' | 'both';
  client?: string;
  steps: step[];
}
type step = { who?: string } & Record<string, json>;

const folder = new URL('../../tests/conformance/', import.meta.url);
const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const defaults = read('defaults.json') as Record<string, json_object>;

/// What a client says at its own time.
const by_itself = ['received', 'read', 'pong', 'typing'];

/// The client's connections, as the desk has them.
class scripted_desk {
  private end_?: { send(text: string): void; close(code: number): void };
  readonly heard: json_object[] = [];
  all: json_object[] = [];
  opened = 0;

  accept(send: (text: string) => void, close: (code: number) => void): fake_connection {
    this.end_ = { send, close };
    this.heard.length = 0;
    this.all = [];
    ++this.opened;
    const receive = (text: string) => {
      this.heard.push(JSON.parse(text));
      this.all.push(JSON.parse(text));
    };
    const gone = () => (this.end_ = undefined);
    return { receive, gone } as unknown as fake_connection;
  }

  say(frame: server_frame): void {
    this.end_!.send(JSON.stringify(frame));
  }

  close(code: number): void {
    this.end_!.close(code);
    this.end_ = undefined;
    this.all = [];
  }

  get is_connected(): boolean {
    return this.end_ !== undefined;
  }
}

class play {
  private readonly here = new world();
  private readonly desk = new scripted_desk();
  private readonly known = new known_values();
  private readonly tab: tab;
  private seen = 0;
  // Events of the history that the desk has now.
  private said: json_object[] = [];

  constructor(private readonly vector: vector) {
    this.here.desk.accept = (send, close) => this.desk.accept(send, close);
    const person = agent_of(vector.client ?? 'ann') ? lin : ann;
    this.known.bind(`text.person_${vector.client ?? 'ann'}`, person);
    this.known.bind('text.person_mia', lin);
    this.known.bind('hex16.c', '00000000000000c1');
    this.tab = this.here.tab(person);
  }

  async perform(): Promise<void> {
    for (const step of this.vector.steps) {
      if ((step.who ?? 'ann') !== (this.vector.client ?? 'ann')) continue;
      for (const [verb, argument] of Object.entries(step)) {
        await this.do_step(verb, argument).catch((why: Error) => {
          why.message = `${why.message}\nat the step ${JSON.stringify(step).slice(0, 500)}`;
          throw why;
        });
      }
    }
  }

  end(): void {
    this.tab.kill();
  }

  private async do_step(verb: string, argument: json): Promise<void> {
    switch (verb) {
      case 'open':
        return this.expect_open();
      case 'enter':
        return this.enter(argument);
      case 'up':
        return this.expect_frames(listed(argument));
      case 'down':
        for (const each of listed(argument)) this.say(each);
        return this.pass(30);
      case 'cut':
        this.desk.close(1006);
        return this.pass(10);
      case 'close':
        this.desk.close(argument as number);
        return this.pass(10);
      case 'idle':
        return this.pass((argument as number) * 1_000);
      case 'app':
        return this.wish(argument as json_object);
      case 'then':
        return this.expect_state(argument as json_object);
      case 'never':
        return this.expect_never(argument);
      case 'who':
        return;
      default:
        throw new Error(`no verb: ${verb}`);
    }
  }

  private pass(ms: number): Promise<void> {
    return this.here.clock.pass(ms);
  }

  private async expect_open(): Promise<void> {
    for (let i = 0; i < 300 && this.desk.opened === this.seen; ++i) await this.pass(100);
    expect(this.desk.opened, 'connections').toBeGreaterThan(this.seen);
    this.seen = this.desk.opened;
  }

  private async enter(roster: json): Promise<void> {
    await this.expect_open();
    const who = this.vector.client ?? 'ann';
    await this.expect_frames([
      { t: 'hello', token: `$text.token_${who}`, device: `$hex32.device_${who}` },
    ]);
    this.say({ t: 'welcome' });
    this.say({ t: 'roster', ...(roster === true ? { next: '$hex16.c' } : (roster as object)) });
    await this.pass(30);
  }

  private say(frame: json): void {
    const { t } = frame as { t: string };
    const whole: json_object = { ...defaults[t], ...(frame as json_object) };
    if (Array.isArray(whole.items)) {
      whole.items = whole.items.map((each) => ({ ...defaults.summary, ...(each as object) }));
    }
    const said = this.known.filled(whole) as json_object;
    if (t === 'welcome' && said.history !== defaults.welcome.history) this.said = [];
    if (t === 'event') this.said.push(said);
    this.desk.say(said as unknown as server_frame);
  }

  // A client may read again whatever it wants: it gets what was said.
  private answer_history(frame: json_object): void {
    const { id, conversation, track = 'public', before = Infinity, after = 0, limit } = frame;
    const events = this.said.filter(
      (each) =>
        each.conversation === conversation &&
        (each.track ?? 'public') === track &&
        (each.seq as number) < (before as number) &&
        (each.seq as number) > (after as number),
    );
    const most = limit as number;
    const page = 'before' in frame ? events.slice(-most) : events.slice(0, most);
    const more = page.length < events.length;
    const head = Math.max(0, ...events.map((each) => each.seq as number));
    this.say({ t: 'page', id, conversation, track, events: page, head, more });
  }

  // The next frames are these, in any order.
  private async expect_frames(wanted: json[]): Promise<void> {
    const left = [...wanted];
    while (left.length > 0) {
      for (let i = 0; i < 10 && this.desk.heard.length === 0; ++i) await this.pass(50);
      const frame = this.desk.heard.shift();
      if (!frame) throw new Error(`the client did not say ${JSON.stringify(left).slice(0, 500)}`);
      const whys = left.map((each) => this.known.misfit(each, frame));
      const at = whys.indexOf('');
      if (at >= 0) left.splice(at, 1);
      else if (frame.t === 'history') this.answer_history(frame);
      else if (!by_itself.includes(String(frame.t))) {
        throw new Error(`${whys.join('; ')} in ${JSON.stringify(frame).slice(0, 500)}`);
      }
    }
  }

  private expect_never(pattern: json): void {
    const said = this.desk.all.find((each) => this.known.misfit(pattern, each) === '');
    if (said) throw new Error(`the client said ${JSON.stringify(said).slice(0, 500)}`);
  }

  private get thread() {
    return this.tab.client.thread(this.known.filled('$hex16.c') as string);
  }

  private async wish(wish: json_object): Promise<void> {
    const { traceparent } = wish as { traceparent?: string };
    if (typeof wish.post === 'string') await this.tab.thread.post(wish.post, { traceparent });
    if (wish.read) this.thread.mark_read(wish.read === true ? undefined : (wish.read as number));
    if (wish.edit) {
      const [seq, text] = wish.edit as [number, string];
      await this.thread.edit(this.thread.message(seq)!, text);
    }
    if (wish.delete) await this.thread.remove(this.thread.message(wish.delete as number)!);
    if (wish.reply) {
      const [reply_to, text] = wish.reply as [number, string];
      await this.thread.post(text, { reply_to });
    }
    if (wish.typing) this.thread.set_typing(true);
    if (wish.older) void this.thread.older();
    await this.pass(30);
  }

  private async expect_state(wanted: json_object): Promise<void> {
    await this.pass(30);
    const { client } = this.tab;
    const state = { connecting: 'lost', reconnecting: 'lost', offline: 'lost' };
    const now: json_object = {
      shown: this.thread.events.map((event) => {
        if (event.kind !== 'message') return `*${event.kind}`;
        return event.deleted ? '*deleted' : event.text;
      }),
      position: this.thread.position,
      waiting: client.unsent,
      state: state[client.state.name as keyof typeof state] ?? client.state.name,
    };
    for (const [key, value] of Object.entries(wanted)) expect(now[key], key).toEqual(value);
  }
}

function listed(argument: json): json[] {
  return Array.isArray(argument) ? argument : [argument];
}

const files = readdirSync(folder).filter((each) => each.endsWith('.json'));
let playing: play | undefined;
afterEach(() => playing?.end());

for (const file of files.filter((each) => each !== 'defaults.json').sort()) {
  const vectors = (read(file) as vector[]).filter((each) => each.side !== 'server');
  describe(file.replace('.json', ''), () => {
    for (const vector of vectors) {
      test(vector.name, async () => {
        playing = new play(vector);
        await playing.perform();
      });
    }
  });
}
