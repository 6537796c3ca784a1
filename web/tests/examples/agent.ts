// [connect]
import { desk_client, desk_fault, refresh_session, sign_in } from '../../sdk/src';

const url = 'https://desk.example';

async function begin(email: string, password: string): Promise<desk_client> {
  let session = await sign_in(url, { email, password });
  const client = new desk_client({
    url,
    role: 'agent',
    account: session.agent.ref,
    token: async (refused) => {
      if (refused) session = await refresh_session(url, session.refresh_token);
      return session.token;
    },
  });
  client.connect();
  return client;
}
// [end]

// [work]
async function work(client: desk_client): Promise<void> {
  await client.set_status('accepting', 6);
  await client.watch(true);

  client.on('message', ({ conversation, event }) => {
    console.log(conversation, event.kind === 'message' ? event.text : event.kind);
  });
  const { items } = await client.list('queue');
  const [first] = items;
  if (!first) return;
  await client.transfer(first.conversation, client.person);

  const thread = client.thread(first.conversation);
  thread.subscribe();
  await thread.post('Hello, I am looking into it.');
  await thread.post('She is a regular.', { track: 'internal' });
}
// [end]

// [preview]
function preview(client: desk_client, conversation: string): string {
  const thread = client.thread(conversation);
  const visitor = thread.summary?.visitor.person ?? '';
  return thread.typing.includes(visitor) ? (thread.typing_text(visitor) ?? '…') : '';
}
// [end]

// [faults]
async function close(client: desk_client, conversation: string): Promise<string> {
  try {
    await client.close_conversation(conversation);
    return 'closed';
  } catch (fault) {
    if (!(fault instanceof desk_fault)) throw fault;
    return fault.retry ? 'try again' : fault.message;
  }
}
// [end]

export { begin, close, preview, work };
