import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { en } from './en';
import type { words } from './en';
import { zh } from './zh';

export type { words } from './en';

/// The catalogue for the first of the browser's languages that we speak, else English.
export function words_for(languages: readonly string[]): words {
  for (const language of languages) {
    const tongue = language.toLowerCase().split('-')[0];
    if (tongue === 'zh') return zh;
    if (tongue === 'en') return en;
  }
  return en;
}

export const words_context = createContext<words>(en);

export const use_words = (): words => useContext(words_context);
