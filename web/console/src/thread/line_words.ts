import type { person, shown_event } from '../../../sdk/src';
import type { words } from '../words/en';

const ref_of = (who: person | string): string => (typeof who === 'string' ? who : who.person);

/// What an event that is not a message means, in one line.
export function line_words(
  event: shown_event,
  me: string,
  name_of: (person: string) => string,
  words: words,
): string {
  const { lines } = words;
  const name = (who: person | string): string => {
    const named = typeof who === 'string' ? '' : who.name;
    return named || name_of(ref_of(who));
  };
  switch (event.kind) {
    case 'opened':
      return lines.opened;
    case 'queued':
      return lines.queued;
    case 'reopened':
      return lines.reopened;
    case 'assigned':
      return event.to.person === me ? lines.assignedYou : lines.assigned(name(event.to));
    case 'transferred':
      if (event.to.person !== event.by.person) {
        return lines.transferred(name(event.by), name(event.to));
      }
      return event.by.person === me ? lines.takenYou : lines.taken(name(event.by));
    case 'returned':
      return event.reason === 'agent_gone' ? lines.returnedGone : lines.returned;
    case 'closed':
      return ref_of(event.by) === me ? lines.closedYou : lines.closed(name(event.by));
    default:
      return lines.unknown;
  }
}
