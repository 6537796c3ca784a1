import { initial_of, tint_of } from './initials';

/// A person's initial on a tint of their own, pale enough to stay neutral.
export function Avatar(properties: {
  person: string;
  name: string;
  small?: boolean;
  online?: boolean;
}) {
  const { person, name, small, online } = properties;
  return (
    <span
      class={small ? 'avatar small' : 'avatar'}
      style={{ '--tint': tint_of(person) }}
      aria-hidden="true"
    >
      {initial_of(name)}
      {online && <i class="online" />}
    </span>
  );
}
