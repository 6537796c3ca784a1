export type language = 'en' | 'zh';

/// The host's wish first, then the browser's list.
export function choose_language(wish: string, browser: readonly string[]): language {
  for (const tag of [wish, ...browser]) {
    if (/^zh\b/i.test(tag)) return 'zh';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}
