/// A size as people say it.
export function size_text(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} ${units[unit]}`;
}

const width_max = 240;
const height_max = 220;
const side_min = 72;

/// The box of a picture in a bubble, known before the picture is: nothing jumps when it comes.
export function picture_box(file: { width?: number; height?: number }) {
  const { width = 4, height = 3 } = file.width && file.height ? file : {};
  const is_known = !!(file.width && file.height);
  const scale = Math.min(is_known ? 1 : Infinity, width_max / width, height_max / height);
  const fit = (side: number, max: number) =>
    Math.round(Math.min(max, Math.max(side_min, side * scale)));
  return { width: fit(width, width_max), height: fit(height, height_max) };
}
