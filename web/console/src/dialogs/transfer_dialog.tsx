import { useEffect, useState } from 'preact/hooks';
import type { agent_line } from '../../../sdk/src';
import { Avatar } from '../frame/avatar';
import { use_desk } from '../state/desk';
import { fault_words } from '../words/fault_words';
import { agents_in_order, is_full } from './agents_order';
import { Dialog } from './dialog';
import { best_matches } from './match';
import { Picker } from './picker';

const look_again_ms = 5_000;

export function TransferDialog() {
  const desk = use_desk();
  const { words } = desk;
  const dialog = words.transferDialog;
  const item = desk.summary();
  const [agents, set_agents] = useState<agent_line[]>();
  const [working, set_working] = useState<agent_line>();
  const [problem, set_problem] = useState('');

  useEffect(() => {
    const look = (): void => {
      desk.client.agents().then(
        (found) => {
          desk.learn_names(found);
          set_agents(agents_in_order(found, desk.me));
          set_problem('');
        },
        (fault) => set_problem(fault_words(fault, words)),
      );
    };
    look();
    const timer = setInterval(look, look_again_ms);
    return () => clearInterval(timer);
  }, []);

  const hand_over = async (to: agent_line): Promise<void> => {
    if (!item || working) return;
    set_working(to);
    set_problem('');
    try {
      await desk.transfer(item.conversation, to.person, to.name);
      desk.open(undefined);
    } catch (fault) {
      set_problem(fault_words(fault, words));
      set_working(undefined);
    }
  };

  return (
    <Dialog desk={desk} label={dialog.title} look="transfer" testid="transfer-dialog">
      <h2>{dialog.title}</h2>
      <Picker
        label={dialog.title}
        placeholder={dialog.search}
        none={agents?.length ? dialog.noMatch : agents ? dialog.none : words.loading}
        items_of={(typed) => best_matches(agents ?? [], typed, (agent) => agent.name)}
        key_of={(agent) => agent.person}
        pick={(agent) => void hand_over(agent)}
        draw={(agent) => <AgentChoice agent={agent} />}
      />
      {(problem || working) && (
        <p
          class={problem ? 'dialog-result bad' : 'dialog-result'}
          role="status"
          data-testid="transfer-result"
        >
          {problem || dialog.working(working!.name)}
        </p>
      )}
    </Dialog>
  );
}

function AgentChoice({ agent }: { agent: agent_line }) {
  const { words } = use_desk();
  const full = is_full(agent);
  return (
    <>
      <Avatar small person={agent.person} name={agent.name} online={agent.online} />
      <span class="choice-name">
        <bdi>{agent.name}</bdi>
        <small>
          <i class={`dot ${agent.online ? agent.status : 'offline'}`} />
          {words.status[agent.online ? agent.status : 'offline']}
        </small>
      </span>
      <span class={full ? 'choice-load full' : 'choice-load'}>
        <span class="meter">
          <i style={{ inlineSize: `${Math.min(100, (agent.load / agent.capacity) * 100)}%` }} />
        </span>
        {words.transferDialog.load(agent.load, agent.capacity)}
      </span>
    </>
  );
}
