import { useEffect, useMemo, useReducer } from 'preact/hooks';
import type { desk_client, thread } from '../../../sdk/src';

/// Renders again whenever the client's state, its roster, or the shown thread changes, once a
/// frame: a burst of events must not make typing lag.
export function use_desk(client: desk_client): thread {
  const [, render] = useReducer((count: number) => count + 1, 0);
  const again = useMemo(() => {
    let frame = 0;
    return () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        render(undefined);
      });
    };
  }, []);
  const shown = client.thread(client.current ?? 'next');
  useEffect(() => {
    const ends = [client.on('state', again), client.on('roster', again), client.on('tier', again)];
    again();
    return () => ends.forEach((end) => end());
  }, [client]);
  // What changed between the render and the subscription has told nobody.
  useEffect(() => {
    again();
    return shown.on('change', again);
  }, [shown]);
  return shown;
}
