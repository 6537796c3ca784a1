import { desk_fault, refresh_session, sign_in } from '../../../sdk/src';
import type { session } from '../../../sdk/src';

const key = 'frontdesk.console.session';

// A token is renewed with a fifth of its life left, so that a slow desk never sees it end.
const renew_at = 0.8;

interface kept_session {
  token: string;
  refresh_token: string;
  renew_after: number;
  agent: session['agent'];
}

/// The agent who is signed in within this tab. The tokens live in the tab's own storage: they
/// survive a reload, are gone with the tab, and no other page reads them.
export class agent_session {
  private kept?: kept_session;
  private renewal?: Promise<string>;

  constructor(
    private readonly url: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  ) {
    try {
      this.kept = JSON.parse(storage.getItem(key) ?? 'null') ?? undefined;
    } catch {
      this.kept = undefined;
    }
  }

  get agent(): session['agent'] | undefined {
    return this.kept?.agent;
  }

  /// Milliseconds until the token wants renewal.
  get renew_in_ms(): number {
    return Math.max(0, (this.kept?.renew_after ?? 0) - Date.now());
  }

  async begin(email: string, password: string, tenant?: string): Promise<void> {
    const credentials = { email, password, ...(tenant ? { tenant } : {}) };
    this.keep(await sign_in(this.url, credentials));
  }

  end(): void {
    this.kept = undefined;
    this.storage.removeItem(key);
  }

  /// A token that the desk takes, a new one if the last was refused. Rejects with a fault whose
  /// `retry` is false when somebody has to sign in again.
  async token(refused = false): Promise<string> {
    if (!this.kept) throw new desk_fault('token_expired', 'Nobody is signed in.', false);
    if (!refused && this.renew_in_ms > 0) return this.kept.token;
    this.renewal ??= this.renew(this.kept).finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  private async renew(kept: kept_session): Promise<string> {
    const renewed = await refresh_session(this.url, kept.refresh_token);
    if (this.kept === kept) this.keep(renewed);
    return renewed.token;
  }

  private keep(session: session): void {
    const { token, refresh_token, expires_in, agent } = session;
    const renew_after = Date.now() + expires_in * 1000 * renew_at;
    this.kept = { token, refresh_token, renew_after, agent };
    try {
      this.storage.setItem(key, JSON.stringify(this.kept));
    } catch {
      // Without a store the session lasts until the next reload.
      return;
    }
  }
}
