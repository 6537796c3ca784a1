import { Component, h } from 'preact';
import type { ComponentChildren, FunctionComponent } from 'preact';

/// A component that is rendered again only when one of its properties is another value.
export function memo<properties extends object>(view: FunctionComponent<properties>) {
  return class extends Component<properties> {
    override shouldComponentUpdate(next: Readonly<properties>): boolean {
      const names = new Set([...Object.keys(this.props), ...Object.keys(next)]);
      for (const name of names) {
        if (this.props[name as never] !== next[name as never]) return true;
      }
      return false;
    }

    render(): ComponentChildren {
      return h(view, this.props as never);
    }
  };
}
