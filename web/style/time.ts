import { is_same_day } from './groups';

/// Times as people read them. `locale` is a BCP 47 tag, such as `zh-CN`.

const formats = new Map<string, Intl.DateTimeFormat>();

// A formatter costs about 50 µs to make and 1 µs to use.
function format(locale: string, name: string, options: Intl.DateTimeFormatOptions) {
  const key = locale + name;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, known);
  return known;
}

export function clock_time(time: number, locale: string): string {
  return format(locale, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    time,
  );
}

/// For a day line: "Today", "Yesterday", then "Mon 3 March", with the year when it is another one.
export function day_name(time: number, now: number, locale: string): string {
  const days = is_same_day(time, now) ? 0 : is_same_day(time, now - 86_400_000) ? -1 : undefined;
  if (days !== undefined) {
    const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
    return words[0].toLocaleUpperCase(locale) + words.slice(1);
  }
  if (new Date(time).getFullYear() === new Date(now).getFullYear()) {
    return format(locale, 'day', { weekday: 'short', day: 'numeric', month: 'long' }).format(time);
  }
  return format(locale, 'date', { dateStyle: 'long' }).format(time);
}
