export function utf8_bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/// The longest beginning of `text` of so many bytes of UTF-8, which cuts no character in two.
export function cut_to_bytes(text: string, bytes_max: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > bytes_max) break;
    end += character.length;
  }
  return text.slice(0, end);
}
