import { launch } from './people.mjs';
import { proxied } from './proxied.mjs';
import { scenarios } from './scenarios.mjs';
import { status_scenarios } from './status_scenarios.mjs';
import { on_stage } from './stage.mjs';

// `node browser_tests/run.mjs [words]`: plays the scenarios, or those with these words in their
// name, in a real browser against the real node: $FRONTDESK_BINARY, or the release build's. With
// $KEEP_PICTURES, a folder, a failure leaves a picture of every page there.
const only = process.argv[2] ?? '';
const browser = await launch();
let passed = 0;
let failed = 0;
for (const [name, play] of Object.entries({ ...scenarios, ...status_scenarios, ...proxied })) {
  if (!name.includes(only)) continue;
  const began = Date.now();
  try {
    await on_stage(browser, play);
    passed++;
    console.log(`ok      ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (fault) {
    failed++;
    console.log(`FAILED  ${name}\n    ${fault.stack}`);
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
