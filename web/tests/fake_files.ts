import type { desk_file } from '../sdk/src/wire';
import type { fake_desk } from './fake_desk';

interface kept {
  conversation: string;
  uploader: string;
  name: string;
  type: string;
  bytes: number;
  width?: number;
  height?: number;
  body: Blob[];
  offset: number;
  thumbnail?: Blob;
  is_posted: boolean;
}

export interface file_request {
  method: string;
  path: string;
  offset?: number;
}

/// The node's side of docs/wire.md §9.
export class fake_files {
  chunk_bytes = 1024 * 1024;
  readonly files = new Map<string, kept>();
  readonly requests: file_request[] = [];
  /// Answers a request in place of the node, or 'cut': half of its bytes count, then the network
  /// is gone.
  instead: (request: file_request) => Response | 'cut' | undefined = () => undefined;
  private id_ = 0;

  constructor(private readonly desk_: fake_desk) {}

  async fetch(path: string, request: RequestInit, token: string): Promise<Response> {
    const headers = new Headers(request.headers);
    const offset = headers.has('Upload-Offset') ? Number(headers.get('Upload-Offset')) : undefined;
    const seen = { method: request.method!, path, offset };
    this.requests.push(seen);
    const instead = this.instead(seen);
    if (instead instanceof Response) return instead;
    const body = await new Response(request.body as BodyInit | null).blob();
    if (instead === 'cut') {
      const file = this.files.get(path.split('/')[4] ?? '');
      const half = body.slice(0, Math.floor(body.size / 2));
      if (file && request.method === 'PATCH') this.add_(file, half);
      throw new TypeError('Failed to fetch');
    }
    return this.answer_(seen, body, headers, token);
  }

  /// A post names it.
  take(name: string, wish: { id: string; author: string }): desk_file | undefined {
    const file = this.files.get(name);
    const is_whole = file?.offset === file?.bytes && file?.conversation === wish.id;
    if (!file || !is_whole || file.is_posted || file.uploader !== wish.author) return undefined;
    file.is_posted = true;
    const { name: called, type, bytes, width, height, thumbnail } = file;
    return { id: name, name: called, type, bytes, width, height, thumbnail: !!thumbnail };
  }

  drop(id: string): void {
    this.files.delete(id);
  }

  private async answer_(
    { method, path, offset }: file_request,
    body: Blob,
    headers: Headers,
    token: string,
  ): Promise<Response> {
    if (method === 'POST') return this.begin_(JSON.parse(await body.text()), token);
    const [, , , conversation, id, part] = path.split('/');
    const file = this.files.get(id);
    const is_visitor = token.startsWith('visitor:');
    const owner = this.desk_.conversations.get(conversation)?.visitor;
    const may_see = file && (file.is_posted ? !is_visitor || owner === token : true);
    if (!file || file.conversation !== conversation || !may_see) return fault(404, 'unknown_file');
    const told = { 'Upload-Offset': String(file.offset), 'Upload-Length': String(file.bytes) };
    if (method === 'HEAD') return new Response(null, { status: 200, headers: told });
    if (method === 'DELETE') return this.delete_(id);
    if (method === 'PUT') {
      file.thumbnail = new Blob([body], { type: headers.get('Content-Type')! });
      return new Response(null, { status: 204 });
    }
    if (method === 'GET') {
      const blob = part ? file.thumbnail : new Blob(file.body, { type: file.type });
      return blob ? new Response(blob) : fault(404, 'unknown_file');
    }
    if (offset !== file.offset) return new Response(null, { status: 409, headers: told });
    if (body.size > this.chunk_bytes) return fault(413, 'too_large');
    this.add_(file, body);
    if (file.offset === file.bytes && file.type.includes('msdownload')) {
      this.files.delete(id);
      return fault(415, 'file_type');
    }
    return new Response(null, {
      status: 204,
      headers: { 'Upload-Offset': String(file.offset) },
    });
  }

  private begin_(wish: Omit<kept, 'uploader' | 'body' | 'offset' | 'is_posted'>, token: string) {
    const id = (++this.id_).toString(16).padStart(32, '0');
    const { conversation, name, type, bytes, width, height } = wish;
    const facts = { conversation, name, type, bytes, width, height };
    this.files.set(id, { ...facts, uploader: token, body: [], offset: 0, is_posted: false });
    const answer = { file: id, offset: 0, chunk_bytes: this.chunk_bytes };
    return new Response(JSON.stringify(answer), { status: 201 });
  }

  private add_(file: kept, bytes: Blob): void {
    file.body.push(bytes);
    file.offset += bytes.size;
  }

  private delete_(id: string): Response {
    this.files.delete(id);
    return new Response(null, { status: 204 });
  }
}

function fault(status: number, code: string): Response {
  return new Response(JSON.stringify({ code, message: code, retry: false }), { status });
}
