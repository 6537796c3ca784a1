/// A file that is on its way, under the key of its post.
export interface kept_blob {
  key: string;
  at: number;
  blob: Blob;
  /// A small picture of it.
  thumbnail?: Blob;
}

/// The files of unsent posts. They are kept apart from the device records, which are rewritten at
/// every post.
export interface file_store {
  /// False: it is kept, but only as long as the page lives.
  put(kept: kept_blob): Promise<boolean>;
  get(key: string): Promise<kept_blob | undefined>;
  drop(key: string): Promise<void>;
  list(): Promise<{ key: string; at: number }[]>;
}

/// A database of its own: an older page that is still open would not let go of the other one for a
/// new version of it.
export async function open_file_store(): Promise<file_store> {
  const memory = new memory_file_store(false);
  try {
    return new indexed_file_store(await open_database(), memory);
  } catch {
    return memory;
  }
}

function open_database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('frontdesk.files', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('files', { keyPath: 'key' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class memory_file_store implements file_store {
  private readonly files_ = new Map<string, kept_blob>();

  /// Tests say that what is kept here outlives a page.
  constructor(private readonly is_lasting_: boolean) {}

  async put(kept: kept_blob): Promise<boolean> {
    this.files_.set(kept.key, kept);
    return this.is_lasting_;
  }

  async get(key: string): Promise<kept_blob | undefined> {
    return this.files_.get(key);
  }

  async drop(key: string): Promise<void> {
    this.files_.delete(key);
  }

  async list(): Promise<{ key: string; at: number }[]> {
    return [...this.files_.values()].map(({ key, at }) => ({ key, at }));
  }
}

class indexed_file_store implements file_store {
  constructor(
    private readonly database_: IDBDatabase,
    // What the disk has no room for.
    private readonly memory_: memory_file_store,
  ) {}

  async put(kept: kept_blob): Promise<boolean> {
    try {
      await this.transaction_('readwrite', (files) => files.put(kept));
      return true;
    } catch {
      return this.memory_.put(kept);
    }
  }

  async get(key: string): Promise<kept_blob | undefined> {
    const held = await this.memory_.get(key);
    return held ?? (await this.transaction_<kept_blob | undefined>('readonly', (f) => f.get(key)));
  }

  async drop(key: string): Promise<void> {
    await this.memory_.drop(key);
    await this.transaction_('readwrite', (files) => files.delete(key));
  }

  list(): Promise<{ key: string; at: number }[]> {
    return new Promise((resolve, reject) => {
      const transaction = this.database_.transaction('files', 'readonly');
      const found: { key: string; at: number }[] = [];
      transaction.oncomplete = () => resolve(found);
      transaction.onabort = () => reject(transaction.error);
      transaction.objectStore('files').openCursor().onsuccess = (event) => {
        const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result;
        if (!cursor) return;
        const { key, at } = cursor.value as kept_blob;
        found.push({ key, at });
        cursor.continue();
      };
    });
  }

  private transaction_<answer>(
    mode: IDBTransactionMode,
    ask: (files: IDBObjectStore) => IDBRequest,
  ): Promise<answer> {
    return new Promise((resolve, reject) => {
      const transaction = this.database_.transaction('files', mode);
      const request = ask(transaction.objectStore('files'));
      transaction.oncomplete = () => resolve(request.result as answer);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}
