import type { device_record, device_store } from './device_store';
import type { environment } from './environment';

/// Which device a tab is.
///
/// The node gives a device one connection, but people open several tabs. Each tab therefore has a
/// connection and a device of its own: a leader that shared its connection by BroadcastChannel
/// would be a background tab as often as not, and browsers slow down and freeze those, which would
/// silence the tab that is looked at. A Web Lock says which records are in use; it ends with its
/// tab, however that ends, so a reload gets its record back and an orphan's unsent posts find a
/// living tab.
///
/// Without Web Locks (no secure context, or a frame whose storage is blocked) all tabs share one
/// record. The node then closes the older tab with 4508, and the newer one sends what both have
/// written: less comfortable, never wrong.
export interface device_claim {
  record: device_record;
  release(): void;
}

// The record is rewritten at every post; beyond this many counters a new device is cheaper.
const counters_max = 1000;

export async function claim_device(
  env: environment,
  store: device_store,
  account: string,
): Promise<device_claim> {
  for (const record of await store.list(account)) {
    const claim = await try_claim(env, record);
    if (!claim) continue;
    if (record.posts.length > 0 || Object.keys(record.counters).length < counters_max) return claim;
    claim.release();
  }
  return claim_fresh(env, account);
}

/// A device that no tab holds and that has posts to send.
export async function claim_orphan(
  env: environment,
  store: device_store,
  own: device_record,
): Promise<device_claim | undefined> {
  if (!env.locks) return undefined;
  for (const record of await store.list(own.account)) {
    if (record.device === own.device || !record.posts.some((post) => !post.fault)) continue;
    const claim = await try_claim(env, record);
    if (claim) return claim;
  }
  return undefined;
}

export async function claim_fresh(env: environment, account: string): Promise<device_claim> {
  const record = { device: env.random_id(), account, counters: {}, posts: [] };
  return (await try_claim(env, record))!;
}

function try_claim(env: environment, record: device_record): Promise<device_claim | undefined> {
  const { locks } = env;
  if (!locks) return Promise.resolve({ record, release() {} });
  return new Promise((resolve) => {
    const name = `frontdesk.device.${record.device}`;
    const request = locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(undefined);
      return new Promise<void>((release) => resolve({ record, release }));
    });
    request.catch(() => resolve({ record, release() {} }));
  });
}
