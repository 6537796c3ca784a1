import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { console_desk } from '../state/desk';

/// A modal on the browser's own `<dialog>`, which keeps the focus inside and the page behind it out
/// of reach. Escape and a press beside it close it; the focus goes back to where it was.
export function Dialog(properties: {
  desk: console_desk;
  label: string;
  look?: string;
  alert?: boolean;
  testid: string;
  children: ComponentChildren;
}) {
  const { desk } = properties;
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = box.current!;
    const before = document.activeElement as HTMLElement | null;
    element.showModal();
    return () => {
      element.close();
      if (before?.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      class={`dialog ${properties.look ?? ''}`}
      role={properties.alert ? 'alertdialog' : undefined}
      aria-label={properties.label}
      data-testid={properties.testid}
      onCancel={(event) => {
        event.preventDefault();
        desk.open(undefined);
      }}
      onPointerDown={(event) => {
        if (event.target === box.current) desk.open(undefined);
      }}
    >
      <div class="dialog-body">{properties.children}</div>
    </dialog>
  );
}
