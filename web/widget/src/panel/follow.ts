import { line_of } from '../../../parts/quote';
import type { part_words } from '../../../parts/words';
import type { desk_client, thread } from '../../../sdk/src';
import type { host_page } from './host_page';
import type { words } from './words';

/// Tells the host's page what its launcher shows and what its own script may listen to.
export function follow_conversation(
  client: desk_client,
  host: host_page,
  words: words,
  parts: part_words,
): void {
  let followed: thread | undefined;
  let end = () => {};
  let told_news = '0 undefined';
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
    const preview = newest();
    const news = `${followed!.unread} ${preview?.text}`;
    if (news !== told_news) {
      told_news = news;
      host.tell({ frontdesk: 'unread', count: followed!.unread, preview });
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
    for (const event of [...followed!.events].reverse()) {
      if (event.kind !== 'message' || event.author === client.person || event.deleted) continue;
      return { author: name_of(event.author), text: line_of(event, parts) };
    }
    return undefined;
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
