import type { desk_client, thread } from '../../../sdk/src';
import type { host_page } from './host_page';
import type { words } from './words';

/// Tells the host's page what its launcher shows and what its own script may listen to.
export function follow_conversation(client: desk_client, host: host_page, words: words): void {
  let followed: thread | undefined;
  let end = () => {};
  let unread = 0;
  let told = '';

  const on_roster = () => {
    const thread = client.thread(client.current ?? 'next');
    if (thread.conversation) host.tell({ frontdesk: 'talking' });
    if (thread !== followed) {
      end();
      followed = thread;
      end = thread.on('change', on_change);
    }
    on_change();
  };

  const on_change = () => {
    if (followed!.unread !== unread) {
      unread = followed!.unread;
      host.tell({ frontdesk: 'unread', count: unread, preview: newest() });
    }
    const { status, assignee } = followed!.summary ?? {};
    const state = `${status} ${assignee?.person} ${followed!.place}`;
    if (!status || state === told) return;
    told = state;
    if (status === 'queued') tell('queue', { place: followed!.place });
    if (status === 'assigned') tell('assigned', { name: assignee?.name });
    if (status === 'closed') tell('ended', undefined);
  };

  const newest = () => {
    const others = followed!.events.filter(
      (event) => event.kind === 'message' && event.author !== client.person,
    );
    const last = others[others.length - 1];
    return last?.kind === 'message' ? { author: name_of(last.author), text: last.text } : undefined;
  };

  const name_of = (person: string) => {
    const assignee = followed!.summary?.assignee;
    return (assignee?.person === person && assignee.name) || words.colleague;
  };

  const tell = (name: 'queue' | 'assigned' | 'ended' | 'message', detail: unknown) =>
    host.tell({ frontdesk: 'event', name, detail });

  client.on('roster', on_roster);
  client.on('message', ({ event }) => {
    if (event.kind === 'message') tell('message', { name: name_of(event.author) });
  });
  on_roster();
}
