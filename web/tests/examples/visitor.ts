// [connect]
import {
  create_visitor,
  desk_client,
  desk_fault,
  is_picture,
  type shown_message,
  type visitor_identity,
} from '../../sdk/src';

const url = 'https://desk.example';

async function identity(): Promise<visitor_identity> {
  const kept = localStorage.getItem('visitor');
  if (kept) return JSON.parse(kept) as visitor_identity;
  const made = await create_visitor(url, 'my-shop');
  localStorage.setItem('visitor', JSON.stringify(made));
  return made;
}

const client = new desk_client({
  url,
  role: 'visitor',
  account: 'my-shop',
  token: async () => (await identity()).token,
});
client.connect();
// [end]

// [show]
function show(): void {
  const thread = client.thread(client.current ?? 'next');
  for (const event of thread.events) {
    if (event.kind !== 'message') continue;
    const words = event.deleted ? '(deleted)' : event.text;
    const mark = event.edited_at ? ' (edited)' : '';
    console.log(event.author === client.person ? 'I' : 'They', words + mark);
  }
  for (const post of thread.pending) console.log('I', post.text, `[${post.state}]`);
}

client.on('roster', () => {
  const thread = client.thread(client.current ?? 'next');
  thread.on('change', show);
});
client.on('state', (state) => console.log(state.name));
// [end]

// [post]
async function talk(): Promise<void> {
  const thread = client.thread(client.current ?? 'next');
  await thread.post('Where is my parcel?');

  const [last] = thread.events.filter((event) => event.kind === 'message').slice(-1);
  if (last?.kind !== 'message') return;
  await thread.post('Thank you!', { reply_to: last.seq });
  if (last.author === client.person) {
    await thread.edit(last, 'Where is my parcel, please?');
    await thread.remove(last);
  }
}
// [end]

// [retry]
async function mend(): Promise<void> {
  const thread = client.thread(client.current ?? 'next');
  for (const post of thread.pending) {
    if (post.fault?.code === 'text_too_long') await thread.discard(post.key);
    else if (post.fault) await thread.retry(post.key);
  }
}
// [end]

// [files]
async function send_file(input: HTMLInputElement): Promise<void> {
  const thread = client.thread(client.current ?? 'next');
  const [file] = input.files ?? [];
  if (!file) return;
  try {
    await thread.post_file({ blob: file }, 'This is how it arrived');
  } catch (fault) {
    if (fault instanceof desk_fault) console.log(fault.code);
  }
}

function show_progress(): void {
  const thread = client.thread(client.current ?? 'next');
  for (const { file, key } of thread.pending) {
    if (file) console.log(key, file.name, `${file.sent} of ${file.bytes}`);
  }
}
// [end]

// [pictures]
async function show_file(message: shown_message, place: HTMLElement): Promise<void> {
  const { conversation, file } = message;
  if (!file) return;
  if (file.thumbnail && is_picture(file.type)) {
    const picture = document.createElement('img');
    const small = await client.files.thumbnail(conversation, file);
    picture.src = URL.createObjectURL(small);
    place.append(picture);
    return;
  }
  const bytes = await client.files.download(conversation, file);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  link.download = file.name;
  link.textContent = file.name;
  place.append(link);
}
// [end]

// [typing]
function on_input(field: HTMLTextAreaElement): void {
  const thread = client.thread(client.current ?? 'next');
  thread.set_typing(field.value !== '', field.value);
}
// [end]

// [traces]
async function post_traced(client: desk_client, text: string, traceparent: string): Promise<void> {
  const thread = client.thread(client.current ?? 'next');
  await thread.post(text, { traceparent });
}
// [end]

export { mend, on_input, post_traced, send_file, show_file, show_progress, talk };
