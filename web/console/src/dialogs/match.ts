/// How well `name` answers to what was typed: 0 is not at all. A start of the name beats a start of
/// a word, that beats a part of a word, that beats letters in their order.
export function match(name: string, typed: string): number {
  const text = name.toLowerCase();
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return 1;
  if (text.startsWith(wanted)) return 5;
  const at = text.indexOf(wanted);
  if (at > 0) return /[\s#“"(]/.test(text[at - 1]) ? 4 : 3;
  const parts = wanted.split(/\s+/);
  if (parts.length > 1 && parts.every((part) => text.includes(part))) return 2;
  let next = 0;
  for (const letter of text) if (letter === wanted[next]) next++;
  return next === wanted.length && wanted.length > 1 ? 1 : 0;
}

/// The items that answer, best first; equals keep their order.
export function best_matches<item>(
  items: readonly item[],
  typed: string,
  name_of: (item: item) => string,
): item[] {
  return items
    .map((item) => ({ item, score: match(name_of(item), typed) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ item }) => item);
}
