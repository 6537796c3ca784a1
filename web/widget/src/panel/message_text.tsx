import type { ComponentChildren } from 'preact';

const link = /https?:\/\/[^\s<>"'，。；、）】」]+/g;
// Punctuation that ends a sentence rather than an address.
const tail = /[.,;:!?)\]]+$/;

/// The text as it was written, with its web addresses made into links.
export function MessageText({ text }: { text: string }) {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(link)) {
    const address = match[0].replace(tail, '');
    parts.push(text.slice(end, match.index));
    parts.push(
      <a href={address} target="_blank" rel="noopener noreferrer nofollow">
        {address}
      </a>,
    );
    end = match.index! + address.length;
  }
  parts.push(text.slice(end));
  return <>{parts}</>;
}
