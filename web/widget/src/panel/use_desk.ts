import { useEffect, useReducer } from 'preact/hooks';
import type { desk_client, thread } from '../../../sdk/src';

/// Renders again whenever the client's state, its roster, or the shown thread changes. Preact
/// gathers the calls of one turn into one render.
export function use_desk(client: desk_client): thread {
  const [, render] = useReducer((count: number) => count + 1, 0);
  const shown = client.thread(client.current ?? 'next');
  useEffect(() => {
    const again = () => render(undefined);
    const ends = [
      client.on('state', again),
      client.on('roster', again),
      client.on('tier', again),
    ];
    return () => ends.forEach((end) => end());
  }, [client]);
  useEffect(() => shown.on('change', () => render(undefined)), [shown]);
  return shown;
}
