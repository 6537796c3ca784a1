import { useEffect } from 'preact/hooks';
import { ContextPane } from './context_pane';
import { CloseDialog } from './dialogs/close_dialog';
import { Palette } from './dialogs/palette';
import { Sheet } from './dialogs/sheet';
import { TransferDialog } from './dialogs/transfer_dialog';
import { Banner } from './frame/banner';
import { Toasts } from './frame/toasts';
import { TopBar } from './frame/top_bar';
import { obey_keys } from './keys';
import { ListPane } from './list/list_pane';
import { use_desk } from './state/desk';
import { ThreadPane } from './thread/thread_pane';

const dialogs = {
  palette: Palette,
  sheet: Sheet,
  close: CloseDialog,
  transfer: TransferDialog,
};

export function Console() {
  const desk = use_desk();
  useEffect(() => obey_keys(desk), [desk]);
  const Dialog = desk.dialog && dialogs[desk.dialog];
  const item = desk.summary();
  const details = item !== undefined && desk.details;
  const classes = ['console'];
  if (details) classes.push('details');
  if (item) classes.push('reading');
  // What was known of people's presence is old while there is no connection.
  if (!desk.is_online) classes.push('cut');
  return (
    <div class={classes.join(' ')} data-testid="console">
      <TopBar />
      <Banner />
      <div class="panes">
        <ListPane />
        <ThreadPane key={desk.selected} />
        {details && <ContextPane item={item} />}
      </div>
      <Toasts />
      {Dialog && <Dialog />}
    </div>
  );
}
