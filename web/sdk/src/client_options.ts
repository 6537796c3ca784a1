import type { environment } from './environment';
import type { connection_state } from './link';
import type { desk_event, routing, summary } from './wire';

export interface client_options {
  /// Origin of the node, such as `location.origin`.
  url: string;
  role: 'visitor' | 'agent';
  /// Names the person within this browser, so that nobody sends another's unsent posts: the agent's
  /// ref, or the widget key.
  account: string;
  /// A provider is asked at every connect; `refused` says that the last token was not taken.
  token: string | ((refused: boolean) => string | Promise<string>);
  /// Free text for the node's operator.
  client?: string;
  environment?: environment;
}

export interface client_events {
  state: connection_state;
  /// `roster`, `next_conversation`, or a summary within has changed.
  roster: void;
  /// Changes of `desk` while watching.
  desk: { items: summary[]; removed: string[] };
  me: routing;
  tier: number;
  /// Somebody else's message arrived that was not there when this client first looked.
  message: { conversation: string; event: desk_event };
  /// The number of posts that are not recorded yet has changed.
  unsent: number;
}
