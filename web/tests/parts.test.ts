import { describe, expect, test } from 'vitest';
import { line_of } from '../parts/quote';
import { pictures } from '../parts/pictures';
import { picture_box, size_text } from '../parts/sizes';
import { is_final_of_file, part_words_for } from '../parts/words';
import { en as console_en } from '../console/src/words/en';
import { zh as console_zh } from '../console/src/words/zh';
import { catalogues } from '../widget/src/panel/words';

const [en, zh] = ['en', 'zh'].map(part_words_for);

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_500, '1.5 KB'],
  [81_234, '79 KB'],
  [1_023_500, '1 MB'],
  [26_214_400, '25 MB'],
])('%i bytes are %s', (bytes, text) => {
  expect(size_text(bytes)).toBe(text);
});

describe('the box of a picture', () => {
  test.each([
    [
      { width: 900, height: 600 },
      { width: 240, height: 160 },
    ],
    [
      { width: 100, height: 90 },
      { width: 100, height: 90 },
    ],
    [
      { width: 600, height: 9_000 },
      { width: 72, height: 220 },
    ],
    [
      { width: 16_000, height: 10 },
      { width: 240, height: 72 },
    ],
    [{}, { width: 240, height: 180 }],
  ])('of %j is %j', (file, box) => {
    expect(picture_box(file)).toEqual(box);
  });
});

test('a message in one line: its words, else its file, and nothing of what was deleted', () => {
  const file = { id: 'f', name: 'a.pdf', type: 'application/pdf', bytes: 1, thumbnail: false };
  expect(line_of({ text: 'hello', file }, en)).toBe('hello');
  expect(line_of({ text: '', file }, en)).toBe('a.pdf');
  expect(line_of({ text: '', file: { ...file, type: 'image/png' } }, en)).toBe('Picture');
  expect(line_of({ text: 'secret', file, deleted: true }, en)).toBe('Message deleted');
});

test('both pages have these words in their own language', () => {
  expect(part_words_for(console_zh.language)).toBe(zh);
  expect(part_words_for(console_en.language)).toBe(en);
  expect(part_words_for(catalogues.zh.locale)).toBe(zh);
  expect(part_words_for(catalogues.en.locale)).toBe(en);
});

test('no word is empty, and both languages differ', () => {
  for (const [key, word] of Object.entries(en)) {
    const other = zh[key as keyof typeof zh];
    expect(other, key).toBeTruthy();
    if (typeof word === 'string') expect(other, key).not.toBe(word);
  }
  expect(Object.keys(zh.file_faults)).toEqual(Object.keys(en.file_faults));
});

test('what another attempt cannot mend offers none', () => {
  expect(is_final_of_file('file_type')).toBe(true);
  expect(is_final_of_file('storage_full')).toBe(false);
});

test('only pictures get an address, and nothing that only says it is one', async () => {
  const blob = new Blob(['<script>'], { type: 'text/html' });
  const files = {
    download: async () => blob,
    thumbnail: async () => new Blob(['x'], { type: 'image/svg+xml' }),
    preview: async () => undefined,
  };
  const shown = new pictures(files);
  const file = { id: 'f', name: 'a.png', type: 'image/png', bytes: 1, thumbnail: true };

  await expect(shown.whole('c', file)).rejects.toThrow('no picture');
  await expect(shown.thumbnail('c', file)).rejects.toThrow('no picture');
  await expect(shown.preview('k')).rejects.toThrow('no picture');
  files.download = async () => new Blob(['x'], { type: 'image/png' });
  expect(await shown.whole('c', file)).toMatch(/^blob:/);
});
