/// The first letter or ideograph of a name; emoji and signs are no initials.
export function initial_of(name: string): string {
  for (const letter of name) if (/[\p{L}\p{N}]/u.test(letter)) return letter.toLocaleUpperCase();
  return '·';
}

/// A hue that stays with the person.
export function tint_of(person: string): number {
  let sum = 0;
  for (let index = 0; index < person.length; index++) {
    sum = (sum * 31 + person.charCodeAt(index)) % 997;
  }
  // The golden angle sets neighbours far apart.
  return Math.round(sum * 137.5) % 360;
}
