/// A visitor's question that Mia has answered, open on both sides.
export async function talk(desk, network) {
  const mia = await desk.agent('mia', network);
  const ann = await desk.visitor('ann', network);
  await ann.write('Do you ship to Norway?');
  await mia.choose('Do you ship to Norway?');
  await mia.sees('Do you ship to Norway?');
  await mia.write('We do!');
  await ann.sees('Do you ship to Norway?', 'We do!');
  return [mia, ann];
}
