import { render, type ComponentChild } from 'preact';
import { act } from 'preact/test-utils';
import { vi } from 'vitest';

/// As much of a browser's document as Preact needs to draw into, for what a component says. How it
/// looks is for a real browser.
class node {
  parentNode: element | null = null;
  data = '';

  get nextSibling(): node | null {
    const beside = this.parentNode?.childNodes ?? [];
    return beside[beside.indexOf(this) + 1] ?? null;
  }

  get text(): string {
    return this.data;
  }

  remove(): void {
    this.parentNode?.removeChild(this);
  }
}

export class element extends node {
  readonly childNodes: node[] = [];
  readonly attributes: Record<string, string> = {};

  constructor(readonly localName: string) {
    super();
  }

  get firstChild(): node | null {
    return this.childNodes[0] ?? null;
  }

  override get text(): string {
    return this.childNodes.map((child) => child.text).join('');
  }

  /// Itself and all that is within.
  get all(): element[] {
    const within = this.childNodes.filter((child) => child instanceof element);
    return [this, ...within.flatMap((child) => child.all)];
  }

  insertBefore(child: node, before: node | null): node {
    child.remove();
    const at = before ? this.childNodes.indexOf(before) : this.childNodes.length;
    this.childNodes.splice(at, 0, child);
    child.parentNode = this;
    return child;
  }

  removeChild(child: node): void {
    this.childNodes.splice(this.childNodes.indexOf(child), 1);
    child.parentNode = null;
  }

  setAttribute(name: string, value: unknown): void {
    this.attributes[name] = String(value);
  }

  removeAttribute(name: string): void {
    delete this.attributes[name];
  }

  addEventListener(): void {}
  removeEventListener(): void {}
}

/// A page on which one component is drawn. Drawn again, it changes, as in a browser.
export class fake_page {
  private readonly root = new element('div');
  private frames: (() => void)[] = [];

  constructor() {
    vi.stubGlobal('document', {
      createElementNS: (_space: string, name: string) => new element(name),
      createTextNode: (text: string) => Object.assign(new node(), { data: text }),
      hidden: false,
    });
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => this.frames.push(frame));
  }

  /// Draws, and does what the component does once it is drawn.
  draw(what: ComponentChild): void {
    void act(() => render(what, this.root as unknown as Element));
  }

  /// The animation frame that somebody has asked for.
  pass_frame(): void {
    void act(() => this.frames.splice(0).forEach((frame) => frame()));
  }

  /// All elements with this word in their class.
  of_class(name: string): element[] {
    return this.root.all.filter((each) => each.attributes.class?.split(' ').includes(name));
  }

  get text(): string {
    return this.root.text;
  }

  end(): void {
    this.draw(null);
    vi.unstubAllGlobals();
  }
}
