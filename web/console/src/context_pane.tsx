import type { ComponentChildren } from 'preact';
import type { summary } from '../../sdk/src';
import { clock_time, day_name } from '../../style/time';
import { Avatar } from './frame/avatar';
import { CrossIcon } from './frame/icons';
import { short_duration, urgency_of } from './list/waiting';
import type { console_desk } from './state/desk';
import { use_desk } from './state/desk';
import { line_words } from './thread/line_words';

// What happened long ago is in the thread.
const lines_max = 8;

export function ContextPane({ item }: { item: summary }) {
  const desk = use_desk();
  const { words } = desk;
  const { context } = words;
  const online = desk.is_visitor_online(item);
  return (
    <aside class="context-pane" aria-label={context.label} data-testid="context">
      <button
        class="quiet fold"
        aria-label={words.detailsToggle}
        onClick={() => desk.toggle_details()}
      >
        <CrossIcon />
      </button>
      <header class="contact">
        <Avatar person={item.visitor.person} name={item.visitor.name} online={online} />
        <h2 dir="auto">{item.visitor.name}</h2>
        {online !== undefined && (
          <p class={online ? 'good' : ''}>{online ? words.thread.online : words.thread.away}</p>
        )}
      </header>
      <Facts desk={desk} item={item} />
      <History desk={desk} item={item} />
      <Others desk={desk} item={item} />
    </aside>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Facts({ desk, item }: { desk: console_desk; item: summary }) {
  const { words } = desk;
  const { context } = words;
  const thread = desk.thread(item.conversation);
  const now = desk.client.now();
  const read_all = (thread?.peer_read ?? item.peer_read) >= last_own_seq(desk, item);
  const waits = item.status !== 'closed' && item.waiting_since !== undefined;
  const place = thread?.place ?? item.place;
  const { language } = words;
  const { opened_at } = item;
  const opened = `${day_name(opened_at, now, language)} ${clock_time(opened_at, language)}`;
  return (
    <Section title={context.conversation}>
      <dl class="facts">
        <Fact name={context.status}>{context.statuses[item.status]}</Fact>
        <Fact name={context.assignee}>{item.assignee?.name ?? context.nobody}</Fact>
        {item.status === 'queued' && place !== undefined && (
          <Fact name={context.place}>{place}</Fact>
        )}
        {item.status !== 'closed' && (
          <Fact name={context.waiting}>
            {waits ? (
              <span class={`row-time ${urgency_of(item.waiting_since!, now)}`}>
                {short_duration(now - item.waiting_since!, words.time)}
              </span>
            ) : (
              context.notWaiting
            )}
          </Fact>
        )}
        <Fact name={context.lastRead}>{read_all ? context.everything : context.notEverything}</Fact>
        <Fact name={context.opened}>{opened}</Fact>
        <Fact name={context.inbox}>{item.inbox}</Fact>
        <Fact name={context.number}>#{item.number}</Fact>
        <Fact name={context.reference}>
          <code>{item.visitor.person.replace('visitor:', '')}</code>
        </Fact>
      </dl>
    </Section>
  );
}

function last_own_seq(desk: console_desk, item: summary): number {
  const events = desk.thread(item.conversation)?.events ?? [];
  for (let index = events.length - 1; index >= 0; index--) {
    const event = events[index];
    const told = event.kind === 'message' && event.track !== 'internal';
    if (told && event.author.startsWith('agent:')) return event.seq;
  }
  return 0;
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </>
  );
}

function History({ desk, item }: { desk: console_desk; item: summary }) {
  const { words } = desk;
  const events = desk.thread(item.conversation)?.events ?? [];
  const lines = events.filter((event) => event.kind !== 'message').slice(-lines_max);
  if (lines.length === 0) return null;
  return (
    <Section title={words.context.history}>
      <ol class="timeline">
        {lines.map((event) => (
          <li key={event.seq}>
            <span dir="auto">
              {line_words(event, desk.me, (person) => desk.name_of(person), words)}
            </span>
            <time>{clock_time(event.time, words.language)}</time>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Others({ desk, item }: { desk: console_desk; item: summary }) {
  const { words } = desk;
  const others = desk.roll.of_visitor(item);
  if (others.length === 0) return null;
  return (
    <Section title={words.context.others}>
      <ul class="others">
        {others.map((other) => (
          <li key={other.conversation}>
            <button class="plain" onClick={() => desk.select(other.conversation)}>
              <b>#{other.number}</b>
              <span>
                <bdi>{other.last ? other.last.text || desk.parts.deleted : ''}</bdi>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
