import type { routing, routing_status } from '../../../sdk/src';

const key = 'frontdesk.console.routing';

interface wish {
  status: routing_status;
  capacity?: number;
}

/// The status that the agent has chosen within this tab, so that it outlives reloads, lost
/// connections and a desk that was restarted. Who signs in has come to work.
export class wished_routing {
  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {}

  get now(): wish | undefined {
    try {
      return JSON.parse(this.storage.getItem(key) ?? 'null') ?? undefined;
    } catch {
      return undefined;
    }
  }

  keep(wish: wish): void {
    try {
      this.storage.setItem(key, JSON.stringify(wish));
    } catch {
      // Without a store the wish lasts as long as the connection.
      return;
    }
  }

  /// After the agent has signed in.
  begin(): void {
    this.keep({ status: 'accepting' });
  }

  forget(): void {
    this.storage.removeItem(key);
  }

  /// What to tell a desk that says `told`; undefined where the two agree or nothing was chosen.
  to_assert(told: routing | undefined): wish | undefined {
    const wish = this.now;
    if (!wish || !told) return undefined;
    const agrees =
      wish.status === told.status && (wish.capacity ?? told.capacity) === told.capacity;
    return agrees ? undefined : wish;
  }
}
