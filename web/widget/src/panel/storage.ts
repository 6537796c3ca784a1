/// The frame's own storage. Browsers that block it in other sites' frames leave only the host
/// page's: the loader then keeps these few words there, so that a change of page does not end the
/// conversation.

const kept = new Map<string, string>();
let keep: (name: string, value: string | null) => void = () => {};

export function is_storage_blocked(): boolean {
  try {
    return !localStorage;
  } catch {
    return true;
  }
}

/// `words` is what the host's page has kept so far.
export function lend_storage(words: Record<string, string>, keeper: typeof keep): void {
  for (const [name, value] of Object.entries(words)) kept.set(name, value);
  keep = keeper;
}

export function recall(name: string): string | null {
  return is_storage_blocked() ? (kept.get(name) ?? null) : localStorage.getItem(name);
}

export function remember(name: string, value: string): void {
  kept.set(name, value);
  if (is_storage_blocked()) return keep(name, value);
  try {
    localStorage.setItem(name, value);
  } catch {
    // Full: it lasts as long as the page.
  }
}

export function forget(name: string): void {
  kept.delete(name);
  if (is_storage_blocked()) keep(name, null);
  else localStorage.removeItem(name);
}
