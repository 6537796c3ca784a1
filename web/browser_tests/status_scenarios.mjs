import assert from 'node:assert/strict';
import { talk } from './talk.mjs';

/// The page on the internal port.
export const status_scenarios = {
  async 'an operator sees live what the node does'(desk) {
    const op = await desk.operator('op', { viewport: { width: 1440, height: 900 } });
    await op.shows('checks', 'record what is posted');
    await op.shows('people', 'Nobody is connected.');
    await op.shows('notices', 'listening');
    await talk(desk);
    await op.shows('people', '2 websocket');
    await op.shows('actors', 'conversation');
    await op.shows('threads', 'io.0');
    assert.equal(await op.overhang(), 0);
  },

  async 'an operator with a phone in the dark sees all of it'(desk) {
    const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
    const op = await desk.operator('op', phone);
    for (const id of ['checks', 'load', 'people', 'queues', 'recording', 'threads', 'actors']) {
      assert.ok(await op.page.locator(`[data-testid=${id}]`).isVisible(), id);
    }
    assert.equal(await op.overhang(), 0);
  },

  async 'an operator is told of the guard, whatever the tier'(desk) {
    const op = await desk.operator('op');
    await op.shows('tier', 'Tier');
    assert.equal(await op.page.locator('[data-testid=guard]').count(), 0);
    await op.page.route('**/stats', async (asked) => {
      const answer = await asked.fetch();
      const stats = await answer.json();
      stats.tier.guarded = true;
      await asked.fulfill({ response: answer, json: stats });
    });
    await op.shows('tier', 'Guard');
    await op.shows('guard', 'nobody is let in');
    assert.equal(await op.overhang(), 0);
  },

  async 'an operator is told when the node has gone'(desk) {
    const op = await desk.operator('op');
    await desk.node.kill();
    await op.shows('lost', 'does not answer');
    assert.ok(await op.page.locator('main.old').isVisible());
  },
};
