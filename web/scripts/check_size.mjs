// Fails the build when a page has grown beyond what a visitor on a bad network should wait for.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const limits = [
  ['loader', ['widget.js'], 20],
  ['panel', files('widget/'), 60],
];

function files(folder) {
  return readdirSync(new URL(folder, dist), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(`${folder}${entry.name}/`) : [folder + entry.name],
  );
}

for (const [name, paths, limit] of limits) {
  const bytes = paths
    .map((path) => gzipSync(readFileSync(new URL(path, dist))).length)
    .reduce((sum, each) => sum + each, 0);
  console.log(`${name}: ${(bytes / 1024).toFixed(1)} KB gzip (at most ${limit})`);
  if (bytes > limit * 1024) process.exitCode = 1;
}
