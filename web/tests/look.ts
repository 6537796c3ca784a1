import { serve } from './fake_server';

/// `npm run look`: the built pages with a fake desk behind them, where a colleague always answers.

const mei = 'agent:00000000000000b1';
const jonas = 'agent:00000000000000b2';
const { desk, origin } = await serve(8085);
desk.agents.set(mei, { person: mei, name: 'Mei Lin', status: 'accepting', capacity: 4, load: 1 });
desk.agents.set(jonas, { person: jonas, name: 'Jonas', status: 'busy', capacity: 4, load: 4 });

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

desk.on_opened = async (conversation) => {
  await wait(3_000);
  desk.assign(conversation, mei);
  desk.broadcast(conversation, { t: 'presence', conversation, person: mei, online: true });
  await wait(1_000);
  desk.broadcast(conversation, { t: 'typing', conversation, person: mei, on: true });
  await wait(2_000);
  desk.say(conversation, mei, 'Hello! I am looking into it.');
};

console.log(`${origin}/demo/ and ${origin}/console/ (mei@example.com, any password)`);
