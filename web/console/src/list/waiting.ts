/// How long a visitor may wait before the row says so in colour. Two minutes is what a widget
/// promises ("usually answers in a minute"), with some slack; after five, people leave.
export const waiting_soon_ms = 2 * 60_000;
export const waiting_late_ms = 5 * 60_000;

export type urgency = 'calm' | 'soon' | 'late';

export function urgency_of(waitingSince: number, now: number): urgency {
  const waited = now - waitingSince;
  if (waited >= waiting_late_ms) return 'late';
  return waited >= waiting_soon_ms ? 'soon' : 'calm';
}

export interface time_words {
  now: string;
  minutes: (count: number) => string;
  hours: (count: number) => string;
  days: (count: number) => string;
}

/// A duration in its largest unit. Seconds are left out: forty rows that tick are noise.
export function short_duration(ms: number, words: time_words): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return words.now;
  if (minutes < 60) return words.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? words.hours(hours) : words.days(Math.floor(hours / 24));
}
