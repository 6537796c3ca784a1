import { use_desk } from '../state/desk';
import { CrossIcon } from './icons';

export function Toasts() {
  const { toasts, words } = use_desk();
  return (
    <div class="toasts" role="status" aria-live="polite" data-testid="toasts">
      {toasts.items.map((toast) => (
        <div key={toast.key} class={toast.bad ? 'toast bad' : 'toast'}>
          <span dir="auto">{toast.text}</span>
          <button
            class="quiet"
            aria-label={words.dismiss}
            onClick={() => toasts.dismiss(toast.key)}
          >
            <CrossIcon />
          </button>
        </div>
      ))}
    </div>
  );
}
