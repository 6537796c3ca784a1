/// What the loader on the host's page and the panel in its frame say to each other. Nothing of a
/// conversation goes to the host's page but what the launcher shows.

export interface preview {
  author: string;
  text: string;
}

export type to_panel =
  | { frontdesk: 'hello'; shown: boolean; kept: Record<string, string> }
  | { frontdesk: 'shown'; on: boolean };

export type to_loader =
  | { frontdesk: 'ready' }
  | { frontdesk: 'look'; accent: string; on_accent: string }
  | { frontdesk: 'unread'; count: number; preview?: preview }
  | { frontdesk: 'talking' }
  | { frontdesk: 'close' }
  /// For a panel whose own storage is blocked.
  | { frontdesk: 'keep'; name: string; value: string | null }
  | { frontdesk: 'event'; name: host_event; detail: unknown };

/// What `Frontdesk.on` can listen to.
export type host_event =
  'ready' | 'open' | 'close' | 'message' | 'unread' | 'queue' | 'assigned' | 'ended';

/// The part of the frame's address behind `#`.
export interface panel_settings {
  key: string;
  locale: string;
  accent: string;
}

export function settings_to_hash(settings: panel_settings): string {
  return new URLSearchParams({ ...settings }).toString();
}

export function settings_from_hash(hash: string): panel_settings {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  return {
    key: fields.get('key') ?? '',
    locale: fields.get('locale') ?? '',
    accent: fields.get('accent') ?? '',
  };
}
