const key = 'frontdesk.console.settings';

export interface settings {
  sound: boolean;
  badge: boolean;
  details: boolean;
}

const defaults: settings = { sound: true, badge: true, details: true };

/// What this browser's user has switched. A store that is full or forbidden loses no more.
export function load_settings(): settings {
  try {
    return { ...defaults, ...JSON.parse(localStorage.getItem(key) ?? '{}') };
  } catch {
    return { ...defaults };
  }
}

export function save_settings(settings: settings): void {
  try {
    localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    return;
  }
}
