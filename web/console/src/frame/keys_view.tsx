import { caps_of } from '../keys';

/// Key caps, for the first of the keys.
export function Keys({ of }: { of: string[] }) {
  return (
    <span class="keys">
      {caps_of(of[0]).map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}
