import type { to_loader, to_panel } from '../bridge';

/// The page around the frame.
export class host_page {
  private origin_ = '';

  /// Until the page has said hello its origin is unknown, and nothing but "ready" is told to it. A
  /// panel that is opened by itself, without a page around it, begins at once.
  constructor(on_hello: (kept: Record<string, string>) => void, on_shown: (on: boolean) => void) {
    addEventListener('message', (event: MessageEvent<to_panel>) => {
      if (event.source !== parent || parent === window) return;
      const message = event.data;
      if (message.frontdesk === 'hello') {
        this.origin_ = event.origin;
        on_hello(message.kept);
        on_shown(message.shown);
      } else if (message.frontdesk === 'shown') {
        on_shown(message.on);
      }
    });
    parent.postMessage({ frontdesk: 'ready' } satisfies to_loader, '*');
    if (parent !== window) return;
    queueMicrotask(() => {
      on_hello({});
      on_shown(true);
    });
  }

  tell(message: to_loader): void {
    if (this.origin_) parent.postMessage(message, this.origin_);
  }
}
