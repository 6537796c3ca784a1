import type { kept_file, kept_post } from './device_store';
import type { environment } from './environment';
import { desk_fault } from './fault';
import type { file_store } from './file_store';
import { file_path, file_request } from './files_http';
import type { outbox } from './outbox';
import type { outgoing_file } from './posting';
import { cut_to_bytes, utf8_bytes } from './utf8';
import { uploads } from './uploads';
import type { desk_file } from './wire';

export interface files_owner {
  readonly url: string;
  token(): Promise<string>;
  outbox(): Promise<outbox>;
  on_progress(conversation: string): void;
}

// What this device keeps of what is not sent yet.
const unsent_max = 8;
const unsent_bytes_max = 100 * 1024 * 1024;
const kept_ms_max = 7 * 86_400_000;
const own_thumbnails_max = 32;
const name_bytes_max = 255;

/// The files of one person's conversations: keeps and uploads what is posted, fetches what is
/// shown.
export class files {
  /// The node's bound for one file.
  bytes_max = 25 * 1024 * 1024;
  /// False once a node has said that it takes none.
  is_offered = true;
  private readonly store_: Promise<file_store>;
  private readonly uploads_: uploads;
  // Small pictures of what was just sent, by the node's name for it: nobody waits for these.
  private readonly own_thumbnails_ = new Map<string, Blob>();

  constructor(
    private readonly env_: environment,
    private readonly owner_: files_owner,
  ) {
    this.store_ = env_.files();
    this.uploads_ = new uploads(env_, this.store_, owner_);
    // What is left over is dropped by a later page.
    this.drop_old_().catch(() => undefined);
  }

  /// The bytes of a recorded file. What is not `is_picture` must not be opened in a page, but
  /// handed over with `<a download>`.
  async download(conversation: string, file: desk_file): Promise<Blob> {
    const answer = await this.fetch_(file_path(conversation, file.id));
    return answer.blob();
  }

  /// The small picture of a recorded file whose `thumbnail` is true.
  async thumbnail(conversation: string, file: desk_file): Promise<Blob> {
    const own = this.own_thumbnails_.get(file.id);
    if (own) return own;
    const answer = await this.fetch_(`${file_path(conversation, file.id)}/thumbnail`);
    return answer.blob();
  }

  /// The small picture of a file that is on its way, by the key of its post.
  async preview(key: string): Promise<Blob | undefined> {
    return (await (await this.store_).get(key))?.thumbnail;
  }

  // From here on: for the client.

  /// Keeps the bytes, so that they outlive this page where the browser lets them.
  async keep({ blob, name }: outgoing_file): Promise<{ key: string; file: kept_file }> {
    if (blob.size > this.bytes_max) throw new desk_fault('too_large', 'Too large.', false);
    if (blob.size === 0) throw new desk_fault('empty_file', 'There is nothing in it.', false);
    await this.make_room_(blob.size);
    const key = this.env_.random_id();
    const seen = await this.env_.look_at?.(blob);
    const { width, height, thumbnail } = seen ?? {};
    const kept = { key, at: this.env_.now(), blob, thumbnail };
    const is_lasting = await (await this.store_).put(kept);
    const told = name ?? (blob as Partial<File>).name ?? '';
    const file = { name: clean_name(told), type: blob.type, bytes: blob.size, width, height };
    return { key, file: { ...file, is_lasting } };
  }

  on_limit(bytes_max: number | undefined): void {
    this.is_offered = bytes_max !== undefined;
    this.bytes_max = bytes_max ?? this.bytes_max;
  }

  sent(key: string): number {
    return this.uploads_.sent(key);
  }

  on_online(outbox: outbox): void {
    this.uploads_.on_online(outbox);
  }

  on_down(): void {
    this.uploads_.on_down();
  }

  on_posts_changed(): void {
    this.uploads_.on_posts_changed();
  }

  /// The post was recorded, or is wanted no more. What cannot be dropped now is too old one day.
  on_settled(post: kept_post | undefined): void {
    if (post?.file) this.drop_(post).catch(() => undefined);
  }

  private async drop_(post: kept_post): Promise<void> {
    const { id } = post.file!;
    const kept = id && post.n > 0 ? await (await this.store_).get(post.key) : undefined;
    if (kept?.thumbnail) this.remember_(id!, kept.thumbnail);
    await this.uploads_.forget(post);
  }

  private remember_(id: string, thumbnail: Blob): void {
    this.own_thumbnails_.set(id, thumbnail);
    const [oldest] = this.own_thumbnails_.keys();
    if (this.own_thumbnails_.size > own_thumbnails_max) this.own_thumbnails_.delete(oldest);
  }

  private async make_room_(bytes: number): Promise<void> {
    const { posts } = await this.owner_.outbox();
    const unsent = posts.flatMap((post) => (post.file ? [post.file.bytes] : []));
    const sum = unsent.reduce((all, each) => all + each, bytes);
    if (unsent.length < unsent_max && sum <= unsent_bytes_max) return;
    throw new desk_fault('too_many_files', 'Too many files are waiting to be sent.', false);
  }

  private async fetch_(path: string): Promise<Response> {
    const url = new URL(path, this.owner_.url).href;
    const token = await this.owner_.token();
    try {
      return await file_request(this.env_, url, token, { method: 'GET' });
    } catch (fault) {
      if (fault instanceof desk_fault) throw fault;
      throw new desk_fault('unreachable', 'The desk cannot be reached.', true);
    }
  }

  // A page that ended between keeping a file and its post leaves one behind that nobody asks for.
  private async drop_old_(): Promise<void> {
    const store = await this.store_;
    const before = this.env_.now() - kept_ms_max;
    for (const { key, at } of await store.list()) if (at < before) await store.drop(key);
  }
}

/// A name as the node takes it: no path, no control characters, at most 255 bytes.
export function clean_name(name: string): string {
  // eslint-disable-next-line no-control-regex
  const plain = name
    .replace(/^.*[/\\]/, '')
    .replace(/[\u0000-\u001f\u007f]/g, '')
    .trim();
  const ending = /\.[^.]{1,12}$/.exec(plain)?.[0] ?? '';
  const stem = plain.slice(0, plain.length - ending.length);
  const room = name_bytes_max - utf8_bytes(ending);
  return `${cut_to_bytes(stem, room)}${ending}` || 'file';
}
