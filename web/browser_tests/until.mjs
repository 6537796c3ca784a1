const patience_ms = 60_000;
const look_again_ms = 40;

/// Looks until `holds` is true; an error that names `what` if it never is.
export async function until(what, holds, within_ms = patience_ms) {
  const end = Date.now() + within_ms;
  let last;
  for (;;) {
    try {
      last = await holds();
      if (last) return;
    } catch (fault) {
      last = fault.message;
    }
    if (Date.now() > end) throw new Error(`never: ${what} (last: ${JSON.stringify(last)})`);
    await new Promise((resolve) => setTimeout(resolve, look_again_ms));
  }
}

/// Looks until `read` gives what is expected; the error shows what it gave instead.
export async function until_equal(what, read, expected) {
  const wanted = JSON.stringify(expected);
  let got;
  try {
    await until(what, async () => (got = JSON.stringify(await read())) === wanted);
  } catch {
    throw new Error(`never: ${what}\n    expected ${wanted}\n    got      ${got}`);
  }
}
