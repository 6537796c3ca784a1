import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

// The examples are compiled with everything else; here they must be what the page says.
const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const page = read('../../docs/sdk.md');

function parts(file: string): Map<string, string> {
  const all = new Map<string, string>();
  const text = read(`examples/${file}.ts`);
  for (const [, name, body] of text.matchAll(/\/\/ \[(\w+)\]\n([^]*?)\/\/ \[end\]/g)) {
    all.set(name, body.trim().replace("'../../sdk/src'", "'@frontdesk/sdk'"));
  }
  return all;
}

for (const file of ['visitor', 'agent']) {
  for (const [name, body] of parts(file)) {
    test(`docs/sdk.md shows the example ${file}: ${name} as it compiles`, () => {
      expect(page).toContain(`\`\`\`ts\n${body}\n\`\`\``);
    });
  }
}

test('docs/sdk.md shows no example that is not compiled', () => {
  const compiled = new Set([...parts('visitor').values(), ...parts('agent').values()]);
  for (const [, shown] of page.matchAll(/```ts\n([^]*?)\n```/g)) expect(compiled).toContain(shown);
});

test('docs/sdk.md names everything that the SDK gives', () => {
  const index = read('../sdk/src/index.ts').replace(/\/\/\/.*/g, '');
  for (const [, names] of index.matchAll(/export (?:type )?\{([^}]*)\}/g)) {
    for (const name of names
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean)) {
      expect(page).toMatch(new RegExp(`\\b${name}\\b`));
    }
  }
});
