import { useEffect, useState } from 'preact/hooks';
import { Console } from './console';
import { Login } from './login';
import { console_desk, desk_context } from './state/desk';
import type { agent_session } from './state/session';
import { wished_routing } from './state/wished_routing';
import { words_context } from './words/words';
import type { words } from './words/words';

export function App({ session, words }: { session: agent_session; words: words }) {
  const [desk, set_desk] = useState<console_desk>();
  const [ended, set_ended] = useState(false);

  const begin = (): void => {
    // `end` is what the desk calls when the session is over: because the agent has left, or because
    // the node takes its tokens no more.
    const end = (): void => {
      set_ended(session.agent !== undefined);
      session.end();
      next.drafts.save();
      next.stop();
      set_desk(undefined);
    };
    const next = new console_desk(session, words, location.origin, end);
    next.start();
    set_desk(next);
  };

  const begin_work = (): void => {
    new wished_routing(sessionStorage).begin();
    begin();
  };

  useEffect(() => {
    if (session.agent) begin();
  }, []);

  if (!desk && session.agent) return null;
  return (
    <words_context.Provider value={words}>
      {desk ? (
        <desk_context.Provider value={desk}>
          <Console />
        </desk_context.Provider>
      ) : (
        <Login session={session} ended={ended} on_begun={begin_work} />
      )}
    </words_context.Provider>
  );
}
