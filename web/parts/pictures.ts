import { is_picture, type desk_file, type files } from '../sdk/src';

const kept_max = 60;

/// Pictures as addresses for `<img>`. Of what is no picture there is none, so that nothing else can
/// ever be opened as a page; see `save_blob`.
export class pictures {
  private readonly urls_ = new Map<string, Promise<string>>();

  constructor(private readonly files_: Pick<files, 'download' | 'preview' | 'thumbnail'>) {}

  thumbnail(conversation: string, file: desk_file): Promise<string> {
    return this.url_(`small ${file.id}`, () => this.files_.thumbnail(conversation, file));
  }

  whole(conversation: string, file: desk_file): Promise<string> {
    return this.url_(`whole ${file.id}`, () => this.files_.download(conversation, file));
  }

  /// Of a file that is on its way.
  preview(key: string): Promise<string> {
    return this.url_(`own ${key}`, () => this.files_.preview(key));
  }

  /// The file's message was deleted.
  forget(file: string): void {
    for (const name of [`small ${file}`, `whole ${file}`]) this.drop_(name);
  }

  private url_(name: string, fetch: () => Promise<Blob | undefined>): Promise<string> {
    const known = this.urls_.get(name);
    if (known) return known;
    const url = fetch().then((blob) => {
      if (!blob || !is_picture(blob.type)) throw new TypeError('no picture');
      return URL.createObjectURL(blob);
    });
    this.urls_.set(name, url);
    url.catch(() => this.urls_.delete(name));
    const [oldest] = this.urls_.keys();
    if (this.urls_.size > kept_max) this.drop_(oldest);
    return url;
  }

  // What is on the screen has been read already.
  private drop_(name: string): void {
    const url = this.urls_.get(name);
    this.urls_.delete(name);
    url?.then(URL.revokeObjectURL, () => undefined);
  }
}

const lives_ms = 60_000;

/// Hands a file to the user. Its type is taken away, so that no browser shows it.
export function save_blob(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), lives_ms);
}
