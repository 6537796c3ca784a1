import { use_desk } from '../state/desk';
import { Dialog } from './dialog';

export function CloseDialog() {
  const desk = use_desk();
  const { words } = desk;
  const item = desk.summary();
  if (!item) return null;
  const title = words.closeDialog.title(item.visitor.name);
  return (
    <Dialog desk={desk} label={title} look="confirm" alert testid="close-dialog">
      <h2 dir="auto">{title}</h2>
      <p>{words.closeDialog.body}</p>
      <div class="dialog-foot">
        <button class="plain" onClick={() => desk.open(undefined)}>
          {words.cancel}
        </button>
        <button
          class="primary"
          autofocus
          data-testid="confirm-close"
          onClick={() => {
            desk.open(undefined);
            void desk.close(item.conversation);
          }}
        >
          {words.closeDialog.confirm}
        </button>
      </div>
    </Dialog>
  );
}
