import { desk_node } from './node.mjs';
import { agent, operator, visitor } from './people.mjs';

/// A fresh desk and its people for as long as `play` takes; an error if a page had one.
export async function on_stage(browser, play) {
  const errors = [];
  const people = [];
  const node = await desk_node.start();
  const come = async (kind, name, options) => {
    const someone = await kind.arrive(browser, errors, name, options);
    people.push(someone);
    return someone;
  };
  try {
    await play({
      node,
      async agent(name, options) {
        const someone = await come(agent, name, options);
        await someone.log_in(node);
        return someone;
      },
      async operator(name, options) {
        const someone = await come(operator, name, options);
        await someone.look_at(node);
        return someone;
      },
      async visitor(name, options) {
        const someone = await come(visitor, name, options);
        await someone.open(node.origin);
        return someone;
      },
    });
    if (errors.length > 0) throw new Error(errors.join('\n'));
  } catch (fault) {
    const kept = process.env.KEEP_PICTURES;
    for (const someone of kept ? people : []) {
      await someone.page.screenshot({ path: `${kept}/${someone.name}.png` });
    }
    if (errors.length > 0) fault.message += `\n    the pages: ${errors.join('\n')}`;
    throw fault;
  } finally {
    for (const someone of people) await someone.leave();
    await node.stop();
  }
}
