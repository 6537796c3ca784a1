import type { kept_post } from './device_store';
import type { environment } from './environment';
import { desk_fault } from './fault';
import type { file_store, kept_blob } from './file_store';
import { file_fault, file_path, file_request } from './files_http';
import type { outbox } from './outbox';

export interface uploads_owner {
  readonly url: string;
  token(): Promise<string>;
  /// A file has come further.
  on_progress(conversation: string): void;
}

/// One file that is being uploaded: its post, the node's name for it, and how far it is.
interface upload {
  post: kept_post;
  kept: kept_blob;
  /// The conversation that it is for.
  of: string;
  id: string;
  offset: number;
  end: AbortController;
}

// Small pieces show progress and lose little; large ones waste no time between them.
const piece_bytes_min = 32 * 1024;
const piece_bytes_max = 1024 * 1024;
const piece_quick_ms = 1_500;
const piece_slow_ms = 6_000;
const answer_ms_max = 60_000;
const hold_ms_min = 1_000;
const hold_ms_max = 20_000;
// Attempts without a byte more at the node.
const tries_max = 8;

/// Brings the files of unsent posts to the node, one after the other, each in pieces; after a cut
/// it goes on where the node says. A complete file gives its post a number, and then it is sent.
export class uploads {
  private outbox_?: outbox;
  private present_?: upload;
  private is_running_ = false;
  private is_online_ = false;
  private piece_bytes_ = 4 * piece_bytes_min;
  private tries_ = 0;
  private hold_: unknown;
  private readonly offsets_ = new Map<string, number>();

  constructor(
    private readonly env_: environment,
    private readonly store_: Promise<file_store>,
    private readonly owner_: uploads_owner,
  ) {}

  /// Bytes of the post's file that the node has.
  sent(key: string): number {
    return this.offsets_.get(key) ?? 0;
  }

  on_online(outbox: outbox): void {
    this.outbox_ = outbox;
    this.is_online_ = true;
    this.tries_ = 0;
    this.release_();
    void this.run_();
  }

  on_down(): void {
    this.is_online_ = false;
    this.release_();
    this.present_?.end.abort();
  }

  /// The posts have changed: there may be a file to upload, or one that nobody wants any more.
  on_posts_changed(): void {
    const present = this.present_;
    const is_wanted = this.outbox_?.posts.some((post) => post.key === present?.post.key);
    if (present && !is_wanted) present.end.abort();
    void this.run_();
  }

  /// The bytes of a post that is gone are kept no longer.
  async forget(post: kept_post): Promise<void> {
    this.offsets_.delete(post.key);
    await (await this.store_).drop(post.key);
    if (post.n === 0 && post.file?.id) await this.give_up_(post.file!.of!, post.file!.id!);
  }

  private async run_(): Promise<void> {
    if (this.is_running_) return;
    this.is_running_ = true;
    try {
      for (;;) {
        const post = this.next_();
        if (!post) return;
        await this.bring_(post);
      }
    } finally {
      this.is_running_ = false;
    }
  }

  private next_(): kept_post | undefined {
    if (!this.is_online_ || this.hold_ !== undefined) return undefined;
    return this.outbox_?.posts.find((post) => {
      const target = this.outbox_!.target_of(post);
      if (!post.file || post.fault || post.was || post.n > 0 || !target) return false;
      return !(post.file.is_complete && post.file.of === target);
    });
  }

  private async bring_(post: kept_post): Promise<void> {
    const outbox = this.outbox_!;
    const of = outbox.target_of(post)!;
    const kept = await (await this.store_).get(post.key).catch(() => undefined);
    if (!kept) return outbox.refuse_file(post.key, { code: 'file_lost', message: 'not kept' });
    const id = post.file!.of === of ? (post.file!.id ?? '') : '';
    const upload = { post, kept, of, id, offset: 0, end: new AbortController() };
    this.present_ = upload;
    try {
      await this.send_(upload);
      this.tries_ = 0;
      await outbox.change_file(post.key, { is_complete: true });
    } catch (fault) {
      if (!upload.end.signal.aborted) await this.on_fault_(upload, file_fault(fault));
    } finally {
      this.present_ = undefined;
    }
  }

  private async send_(upload: upload): Promise<void> {
    if (upload.id) await this.ask_offset_(upload);
    else await this.begin_(upload);
    const { bytes } = upload.post.file!;
    while (upload.offset < bytes) {
      const before = upload.offset;
      await this.send_piece_(upload);
      // Where the node is, it says; without a step forward this is not a success.
      if (upload.offset <= before) throw new desk_fault('busy', 'No progress.', true);
    }
  }

  private async begin_(upload: upload): Promise<void> {
    const { post, of: conversation, kept } = upload;
    const { name, type, bytes, width, height } = post.file!;
    const wish = { conversation, track: post.track, name, type, bytes, width, height };
    const answer = await this.ask_(upload, 'POST', '/v1/files', {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(wish),
    });
    const { file, chunk_bytes } = (await answer.json()) as { file: string; chunk_bytes: number };
    upload.id = file;
    this.piece_bytes_ = Math.min(this.piece_bytes_, chunk_bytes);
    await this.outbox_!.change_file(post.key, { id: file, of: conversation, is_complete: false });
    if (kept.thumbnail) await this.send_thumbnail_(upload, kept.thumbnail);
  }

  // Without it the picture is shown as a file: worse, but no reason to fail.
  private async send_thumbnail_(upload: upload, thumbnail: Blob): Promise<void> {
    const path = `${file_path(upload.of, upload.id)}/thumbnail`;
    const headers = { 'Content-Type': thumbnail.type };
    try {
      await this.ask_(upload, 'PUT', path, { headers, body: thumbnail });
    } catch (fault) {
      if (file_fault(fault).retry) throw fault;
    }
  }

  private async ask_offset_(upload: upload): Promise<void> {
    const { of, id } = upload;
    try {
      this.on_offset_(upload, await this.ask_(upload, 'HEAD', file_path(of, id), {}));
    } catch (fault) {
      if (file_fault(fault).code !== 'unknown_file') throw fault;
      // It was dropped: too old, or a restart of the machine has lost it.
      await this.begin_(upload);
    }
  }

  private async send_piece_(upload: upload): Promise<void> {
    const { offset, kept, of, id } = upload;
    const began = this.env_.now();
    const headers = {
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Offset': String(offset),
    };
    const body = kept.blob.slice(offset, offset + this.piece_bytes_);
    try {
      this.on_offset_(
        upload,
        await this.ask_(upload, 'PATCH', file_path(of, id), { headers, body }),
      );
    } catch (fault) {
      this.piece_bytes_ = Math.max(piece_bytes_min, this.piece_bytes_ / 2);
      throw fault;
    }
    const took_ms = this.env_.now() - began;
    if (took_ms < piece_quick_ms)
      this.piece_bytes_ = Math.min(piece_bytes_max, this.piece_bytes_ * 2);
    if (took_ms > piece_slow_ms)
      this.piece_bytes_ = Math.max(piece_bytes_min, this.piece_bytes_ / 2);
  }

  private on_offset_(upload: upload, answer: Response): void {
    const offset = Number(answer.headers.get('Upload-Offset'));
    if (offset > upload.offset) this.tries_ = 0;
    upload.offset = offset;
    this.offsets_.set(upload.post.key, offset);
    this.owner_.on_progress(upload.of);
  }

  private async on_fault_(upload: upload, fault: desk_fault): Promise<void> {
    const { code, message } = fault;
    const { key } = upload.post;
    if (++this.tries_ >= tries_max || !fault.retry || code === 'storage_full') {
      this.tries_ = 0;
      return this.outbox_!.refuse_file(key, { code, message });
    }
    const ceiling = Math.min(hold_ms_max, hold_ms_min * 2 ** (this.tries_ - 1));
    const delay_ms = fault.retry_after_ms ?? ceiling * (0.5 + this.env_.random() / 2);
    this.hold_ = this.env_.set_timeout(() => {
      this.hold_ = undefined;
      void this.run_();
    }, delay_ms);
  }

  private release_(): void {
    this.env_.clear_timeout(this.hold_);
    this.hold_ = undefined;
  }

  private async ask_(
    upload: upload,
    method: string,
    path: string,
    request: RequestInit,
  ): Promise<Response> {
    const token = await this.owner_.token();
    // A piece that nothing is heard of is lost; the node says how much of it counts.
    const cut = new AbortController();
    const give_up = () => cut.abort();
    upload.end.signal.addEventListener('abort', give_up);
    if (upload.end.signal.aborted) give_up();
    const timer = this.env_.set_timeout(give_up, answer_ms_max);
    try {
      const wish = { ...request, method, signal: cut.signal };
      return await file_request(this.env_, new URL(path, this.owner_.url).href, token, wish);
    } finally {
      this.env_.clear_timeout(timer);
      upload.end.signal.removeEventListener('abort', give_up);
    }
  }

  // The node drops what is not posted within a day anyway.
  private async give_up_(of: string, id: string): Promise<void> {
    const url = new URL(file_path(of, id), this.owner_.url).href;
    const token = await this.owner_.token();
    await file_request(this.env_, url, token, { method: 'DELETE' }).catch(() => undefined);
  }
}
