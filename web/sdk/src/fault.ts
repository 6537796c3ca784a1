/// A thing that went wrong, as the node names it (docs/wire.md §7). The client adds three codes of
/// its own: `offline` (no connection to ask over), `timeout` (no answer) and `unreachable` (HTTP).
export class desk_fault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly retry: boolean,
    readonly retry_after_ms?: number,
  ) {
    super(message);
  }
}
