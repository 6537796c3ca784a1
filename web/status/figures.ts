/// Figures as people read them: three digits at most, and a unit.

function rounded(value: number): string {
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(2);
}

function in_steps(value: number, step: number, units: string[]): string {
  let left = value;
  let i = 0;
  while (left >= step && i + 1 < units.length) {
    left /= step;
    i++;
  }
  return `${rounded(left)} ${units[i]}`.trim();
}

/// 1234 → "1.2 k"
export const count = (value: number) =>
  value < 10_000 ? value.toFixed(0) : in_steps(value, 1000, ['', 'k', 'M', 'G']);

/// Per second, where a fraction tells.
export const rate = (value: number) =>
  value < 10 && !Number.isInteger(value) ? value.toFixed(1) : count(Math.round(value));

export const bytes = (value: number) => in_steps(value, 1024, ['B', 'KB', 'MB', 'GB', 'TB']);

/// A short one, of nanoseconds: "840 µs".
export const quick = (ns: number) =>
  ns < 1000 ? `${ns} ns` : in_steps(ns / 1000, 1000, ['µs', 'ms', 's']);

/// The same of a spread: that nothing was measured is no duration.
export const measured = (ns: number) => (ns === 0 ? '–' : quick(ns));

/// A long one, of milliseconds: "3 h 12 min".
export function long(ms: number): string {
  const s = Math.floor(ms / 1000);
  const parts: [number, string][] = [
    [Math.floor(s / 86_400), 'd'],
    [Math.floor(s / 3_600) % 24, 'h'],
    [Math.floor(s / 60) % 60, 'min'],
    [s % 60, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return '0 s';
  const shown = parts.slice(first, first + 2).filter(([value]) => value > 0);
  return shown.map(([value, unit]) => `${value} ${unit}`).join(' ');
}

export const percent = (permille: number) => `${Math.round(permille / 10)} %`;
