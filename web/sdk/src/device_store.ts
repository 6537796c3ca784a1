import type { post_body } from './wire';

/// A file that is posted; its bytes lie in the file store, under the post's key.
export interface kept_file {
  name: string;
  type: string;
  bytes: number;
  width?: number;
  height?: number;
  /// Its bytes outlive this page.
  is_lasting?: boolean;
  /// The node's name for it and the conversation that it is for, once its upload has begun.
  id?: string;
  of?: string;
  /// The node has all of it: now it can be posted.
  is_complete?: boolean;
}

/// A post as it is kept until the node has answered for good.
export interface kept_post extends post_body {
  key: string;
  /// '' until it is known which conversation a visitor's first post opens.
  conversation: string;
  /// 0 until it has a number; only a numbered post is ever sent.
  n: number;
  at: number;
  file?: kept_file;
  /// Of an edit or deletion: when its message was said, which tells it from another message that
  /// has its seq in a restored history.
  target_time?: number;
  /// Whose trace it belongs to; no part of what is said.
  traceparent?: string;
  fault?: { code: string; message: string };
  /// The name that it had on a device that was given up. It gets a new one only when the history
  /// does not show it under this one.
  /// `time` is that of its event, if that was seen; `n` is 0 for a change that was never sent,
  /// whose message has to be looked for all the same.
  was?: { device: string; n: number; time?: number };
}

/// All that outlives a page: one value, so that one transaction covers it.
export interface device_record {
  device: string;
  account: string;
  history?: string;
  person?: string;
  /// To be shown when this device comes again, also after its page was loaded anew.
  seat?: string;
  /// The last number given, by conversation.
  counters: Record<string, number>;
  posts: kept_post[];
}

export interface device_store {
  list(account: string): Promise<device_record[]>;
  /// Changes the record in one transaction and answers with what is stored now. A record that does
  /// not exist begins as `initial`.
  update(initial: device_record, change: (record: device_record) => void): Promise<device_record>;
  /// Puts another device's record, made from what `old` is now, in its place, in one transaction.
  replace(
    old: device_record,
    make: (record: device_record) => device_record,
  ): Promise<device_record>;
}

/// Falls back to memory where IndexedDB is refused (some private windows, blocked storage): posts
/// then live as long as the page.
export async function open_device_store(): Promise<device_store> {
  try {
    return new indexed_store(await open_database());
  } catch {
    return new memory_store();
  }
}

function open_database(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('frontdesk', 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore('devices', { keyPath: 'device' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

class indexed_store implements device_store {
  constructor(private readonly database_: IDBDatabase) {}

  list(account: string): Promise<device_record[]> {
    return this.transaction_('readonly', (devices, done) => {
      devices.getAll().onsuccess = (event) => {
        const records = (event.target as IDBRequest<device_record[]>).result;
        done(records.filter((record) => record.account === account));
      };
    });
  }

  update(initial: device_record, change: (record: device_record) => void): Promise<device_record> {
    return this.transaction_('readwrite', (devices, done) => {
      devices.get(initial.device).onsuccess = (event) => {
        const record =
          (event.target as IDBRequest<device_record>).result ?? structuredClone(initial);
        change(record);
        devices.put(record);
        done(record);
      };
    });
  }

  replace(
    old: device_record,
    make: (record: device_record) => device_record,
  ): Promise<device_record> {
    return this.transaction_('readwrite', (devices, done) => {
      devices.get(old.device).onsuccess = (event) => {
        const record = make((event.target as IDBRequest<device_record>).result ?? old);
        devices.delete(old.device);
        devices.put(record);
        done(record);
      };
    });
  }

  // Resolves when the transaction is complete, not when a request in it is.
  private transaction_<answer>(
    mode: IDBTransactionMode,
    body: (devices: IDBObjectStore, done: (answer: answer) => void) => void,
  ): Promise<answer> {
    return new Promise((resolve, reject) => {
      const transaction = this.database_.transaction('devices', mode);
      let result: answer;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(transaction.error);
      body(transaction.objectStore('devices'), (answer) => (result = answer));
    });
  }
}

export class memory_store implements device_store {
  private readonly records_ = new Map<string, device_record>();

  async list(account: string): Promise<device_record[]> {
    const records = [...this.records_.values()].filter((record) => record.account === account);
    return structuredClone(records);
  }

  async update(
    initial: device_record,
    change: (record: device_record) => void,
  ): Promise<device_record> {
    const record = structuredClone(this.records_.get(initial.device) ?? initial);
    change(record);
    this.records_.set(record.device, record);
    return structuredClone(record);
  }

  async replace(
    old: device_record,
    make: (record: device_record) => device_record,
  ): Promise<device_record> {
    const record = make(this.records_.get(old.device) ?? old);
    this.records_.delete(old.device);
    this.records_.set(record.device, structuredClone(record));
    return record;
  }
}
