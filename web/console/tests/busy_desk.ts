import type { fake_desk } from '../../tests/fake_desk';
import { chinese, english, passer_by } from './talk';
import type { talk } from './talk';

/// A desk on an ordinary busy morning, for tests of the console and for looking at it.

export const me = 'agent:00000000000000a1';
const mia = 'agent:00000000000000a2';
const others: [string, string, 'accepting' | 'busy' | 'away', number, number][] = [
  [mia, 'Mia Tanaka', 'accepting', 3, 6],
  ['agent:00000000000000a3', '张伟', 'accepting', 6, 6],
  ['agent:00000000000000a4', 'Jonas Keller', 'busy', 4, 5],
  ['agent:00000000000000a5', 'Amélie Roux', 'away', 1, 4],
  ['agent:00000000000000a6', 'Samuel Boateng', 'accepting', 1, 8],
];

const minute = 60_000;

export function hex(number: number): string {
  return number.toString(16).padStart(16, '0');
}

class clockwork {
  private readonly real: () => number;
  constructor(private readonly desk: fake_desk) {
    this.real = desk.clock.now;
  }
  set(ago_ms: number): void {
    const time = this.real() - ago_ms;
    this.desk.clock.now = () => time;
  }
  run_on(): void {
    this.desk.clock.now = this.real;
  }
}

interface scene {
  talk: talk;
  /// When the last line was said.
  ago: number;
  agent?: string;
  closed?: boolean;
}

/// `many` conversations beside the ones that are told by name.
export function fill(desk: fake_desk, options: { chinese?: boolean; many?: number } = {}): void {
  desk.agents.set(me, {
    person: me,
    name: options.chinese ? 'Clara 林' : 'Clara Novak',
    status: 'accepting',
    capacity: 8,
    load: 0,
  });
  for (const [person, name, status, load, capacity] of others) {
    desk.agents.set(person, { person, name, status, load, capacity });
    if (status !== 'away') be_online(desk, person);
  }
  const told = options.chinese
    ? [...chinese, ...english.slice(0, 5)]
    : [...english.slice(0, 10), ...chinese.slice(1, 4), ...english.slice(10)];
  const waits = [0.4, 31, 1.2, 14, 2.8, 7, 0.1, 3.4];
  const scenes = told.map((talk, index): scene => {
    const mine = index < 6 || index === 9;
    return {
      talk,
      ago: waits[index % waits.length] * minute,
      agent: mine ? me : index > 11 ? mia : undefined,
    };
  });
  for (let index = 0; index < (options.many ?? 45); index++) {
    const agent = index % 9 === 0 ? undefined : others[index % others.length][0];
    scenes.push({
      talk: passer_by(index),
      ago: (index + 2) * minute * 1.7,
      agent,
      closed: index % 4 === 3,
    });
  }
  const clock = new clockwork(desk);
  scenes.forEach((scene, index) => play(desk, clock, scene, index + 1));
  clock.run_on();
  desk.agents.get(me)!.load = desk.counts(me).mine;
}

function play(desk: fake_desk, clock: clockwork, scene: scene, index: number): void {
  const id = hex(0xc0de_0000 + index);
  const visitor = `visitor:${hex(0x5eed_0000 + index * 7919)}`;
  const { lines, name } = scene.talk;
  const at = (line: number): number => scene.ago + (lines.length - 1 - line) * 0.7 * minute;
  desk.visitor_names.set(visitor, name);
  if (index % 3 !== 2) be_online(desk, visitor);
  clock.set(at(0) + 900);
  const conversation = desk.open(id, visitor);
  desk.append(id, { kind: 'opened', author: visitor }, true);
  lines.forEach(([who, text], line) => {
    clock.set(at(line));
    const author = who === 'v' ? visitor : (scene.agent ?? mia);
    const internal =
      who === 'n' ? { track: 'internal' as const, follows: conversation.tracks.public.length } : {};
    desk.append(id, { kind: 'message', author, text, ...internal }, true);
    if (line > 0) return;
    desk.append(id, { kind: 'queued', author: 'system' }, true);
    if (scene.agent) desk.assign(id, scene.agent);
  });
  const heard = conversation.tracks.public.length;
  const last = lines[lines.length - 1][0];
  conversation.cursors.set(visitor, { received: heard, read: heard });
  if (scene.agent)
    conversation.cursors.set(scene.agent, {
      received: heard,
      read: last === 'v' ? heard - 1 : heard,
    });
  if (scene.closed) {
    clock.set(Math.max(0, scene.ago - minute));
    const agent = scene.agent ?? mia;
    desk.append(
      id,
      { kind: 'closed', author: agent, by: { person: agent, name: desk.name_of(agent) } },
      true,
    );
  }
}

/// A person whom the desk sees, without a page of their own.
export function be_online(desk: fake_desk, person: string): void {
  const connection = desk.accept(
    () => undefined,
    () => undefined,
  );
  connection.person = person;
}

/// A thread of hundreds of messages over several days, in the first of the agent's conversations.
export function lengthen(desk: fake_desk, id: string, count: number): void {
  const clock = new clockwork(desk);
  const conversation = desk.conversations.get(id)!;
  const now = conversation.tracks.public;
  const before = now.splice(0, now.length);
  for (let index = 0; index < count; index++) {
    clock.set((count - index) * 11 * minute + 40 * minute);
    const author = index % 3 === 0 ? me : conversation.visitor;
    desk.append(id, { kind: 'message', author, text: `Line ${index + 1} of an old story.` }, true);
  }
  clock.run_on();
  for (const event of before) now.push({ ...event, seq: now.length + 1 });
  const head = now.length;
  conversation.cursors.set(me, { received: head, read: head - 1 });
  conversation.cursors.set(conversation.visitor, { received: head, read: head - 2 });
}

/// Messages of visitors in the agent's conversations, `per_second` of them, until it is ended.
export function chatter(desk: fake_desk, per_second: number): () => void {
  const ids = [...desk.conversations.values()]
    .filter((each) => each.assignee === me)
    .map(({ id }) => id);
  let count = 0;
  const timer = setInterval(() => {
    const id = ids[count % ids.length];
    const { visitor } = desk.conversations.get(id)!;
    desk.say(id, visitor, `And another thing, number ${++count}`);
  }, 1_000 / per_second);
  return () => clearInterval(timer);
}
