import type { desk_event } from '../sdk/src/wire';

/// How a thread is cut into what the eye reads as one: shared by widget and console.

export const group_ms_max = 120_000;

type line = Pick<desk_event, 'author' | 'kind' | 'time' | 'track'>;

/// Whether `line` continues the bubble group of the one above it.
export function is_same_group(above: line | undefined, line: line): boolean {
  return (
    above !== undefined &&
    above.kind === 'message' &&
    line.kind === 'message' &&
    above.author === line.author &&
    (above.track ?? 'public') === (line.track ?? 'public') &&
    Math.abs(line.time - above.time) <= group_ms_max &&
    is_same_day(above.time, line.time)
  );
}

export function is_same_day(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
