import { useEffect, useRef, useState } from 'preact/hooks';
import type { connection_state } from '../../../sdk/src';
import type { words } from './words';

type notice = { tone: 'quiet' | 'warn' | 'good'; text: string; action?: [string, () => void] };

// A loss that heals within a second is nobody's business.
const patience_ms = 1_000;
const good_news_ms = 2_000;
const replaced = 4508;
const bad_token = 4501;

/// One quiet line about the connection, or nothing.
export function ConnectionBar(props: {
  state: connection_state;
  /// Whether there is a connection to have lost.
  was_online: boolean;
  tier: number;
  words: words;
  on_connect: () => void;
  on_start_again: () => void;
}) {
  const { state, tier, words } = props;
  const [is_late, set_late] = useState(false);
  const [is_back, set_back] = useState(false);
  const was_told = useRef(false);

  useEffect(() => {
    if (state.name === 'online') {
      set_late(false);
      if (!was_told.current) return;
      was_told.current = false;
      set_back(true);
      const timer = setTimeout(() => set_back(false), good_news_ms);
      return () => clearTimeout(timer);
    }
    set_back(false);
    const timer = setTimeout(() => {
      was_told.current = true;
      set_late(true);
    }, patience_ms);
    return () => clearTimeout(timer);
  }, [state.name]);

  const notice = choose();
  return (
    <div class="bar-place" role="status">
      {notice && (
        <div class={`bar ${notice.tone}`}>
          <span>{notice.text}</span>
          {notice.action && (
            <button type="button" onClick={notice.action[1]}>
              {notice.action[0]}
            </button>
          )}
        </div>
      )}
    </div>
  );

  function choose(): notice | undefined {
    if (state.name === 'stopped' && state.code !== 0) return stopped_notice(state.code);
    if (state.name === 'online') {
      if (is_back) return { tone: 'good', text: words.back_online };
      return tier >= 2 ? { tone: 'warn', text: words.overloaded } : undefined;
    }
    if (!is_late) return undefined;
    if (state.name === 'offline') return { tone: 'warn', text: words.offline };
    return { tone: 'quiet', text: props.was_online ? words.reconnecting : words.connecting };
  }

  function stopped_notice(code: number): notice {
    if (code === replaced) {
      return { tone: 'warn', text: words.replaced, action: [words.use_here, props.on_connect] };
    }
    if (code === bad_token) {
      const action: [string, () => void] = [words.start_again, props.on_start_again];
      return { tone: 'warn', text: words.signed_out, action };
    }
    return { tone: 'warn', text: words.stopped, action: [words.try_again, props.on_connect] };
  }
}
