/// The part of a list of equally high rows that has to be in the page.
export interface list_window {
  first: number;
  end: number;
}

// Rows beyond either edge, so that a quick scroll meets drawn ones.
const margin_rows = 8;

export function window_of(
  scrolled: number,
  height: number,
  row_height: number,
  count: number,
): list_window {
  const first = Math.max(0, Math.floor(scrolled / row_height) - margin_rows);
  const end = Math.min(count, Math.ceil((scrolled + height) / row_height) + margin_rows);
  return { first: Math.min(first, count), end: Math.max(end, Math.min(first, count)) };
}

/// Where to scroll so that row `index` is wholly seen; `scrolled` itself if it already is.
export function scroll_to_see(
  index: number,
  scrolled: number,
  height: number,
  row_height: number,
): number {
  const top = index * row_height;
  if (top < scrolled) return top;
  return top + row_height > scrolled + height ? top + row_height - height : scrolled;
}
