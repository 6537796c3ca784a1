import { talk } from './talk.mjs';
import { until_equal } from './until.mjs';

const later = 'It is very busy here. Messages may arrive a little later.';
const banner = '[data-testid=banner]';

/// A desk that is kept in a tier by hand.
export const overload_scenarios = {
  async 'under load both are told so, still talk, and are told no more when it has gone'(desk) {
    const [mia, ann] = await talk(desk);
    const said = ['Do you ship to Norway?', 'We do!'];
    const told = (part) => mia.page.locator(banner, { hasText: part }).waitFor();
    const bar = (...lines) => until_equal("Ann's bar says", () => ann.bar(), lines);

    await desk.node.stay_in_tier(2);
    await bar(later);
    await told('The desk is very busy: messages may arrive a little later');
    await ann.write('Under load');
    await mia.sees(...said, 'Under load');

    await desk.node.stay_in_tier(3);
    await told('The desk is at its limit: messages may arrive a little later');
    await bar(later);
    await ann.write('At its limit');
    await mia.sees(...said, 'Under load', 'At its limit');
    await mia.write('And back');
    await ann.sees(...said, 'Under load', 'At its limit', 'And back');

    await desk.node.stay_in_tier(0);
    await bar();
    await mia.page.waitForSelector(banner, { state: 'detached' });
    await ann.write('Calm again');
    await mia.sees(...said, 'Under load', 'At its limit', 'And back', 'Calm again');
    await ann.delivered('Read');
  },

  async 'a list that is refused under load comes by itself when it has gone'(desk) {
    const [mia] = await talk(desk);
    await mia.close_conversation();
    await desk.node.stay_in_tier(1);
    await mia.page.locator(banner, { hasText: 'All and Closed load later' }).waitFor();
    await mia.page.reload();
    await mia.is('accepting');
    await mia.tab('closed');
    await mia.page.waitForSelector('[data-testid=list-loading]');

    await desk.node.stay_in_tier(0);
    await mia.page.locator('[data-testid=row]', { hasText: 'We do!' }).waitFor();
  },
};
