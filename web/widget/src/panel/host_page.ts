import type { to_loader, to_panel } from '../bridge';

/// The page around the frame. Until it has said hello its origin is unknown, and nothing but "ready"
/// is told to it.
export class host_page {
  private origin_ = '';
  private held_: to_loader[] = [];

  constructor(on_shown: (on: boolean) => void) {
    addEventListener('message', (event: MessageEvent<to_panel>) => {
      if (event.source !== parent || parent === window) return;
      const message = event.data;
      if (message.frontdesk === 'hello') {
        this.origin_ = event.origin;
        on_shown(message.shown);
        for (const each of this.held_.splice(0)) this.tell(each);
      } else if (message.frontdesk === 'shown') {
        on_shown(message.on);
      }
    });
  }

  begin(): void {
    parent.postMessage({ frontdesk: 'ready' } satisfies to_loader, '*');
  }

  tell(message: to_loader): void {
    if (this.origin_) parent.postMessage(message, this.origin_);
    else this.held_.push(message);
  }
}
