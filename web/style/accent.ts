/// Colours that follow from an inbox's accent. Contrast is WCAG 2's, AA needs 4.5.

type rgb = [number, number, number];

const aa = 4.5;
// Below this an area cannot be told from the ground that it lies on.
const visible = 1.5;
const ink: rgb = [22, 24, 29];
const white: rgb = [255, 255, 255];
const dark_ground: rgb = [23, 25, 30];

export interface accent_colours {
  accent: string;
  on_accent: string;
  accent_text: string;
}

/// `fallback` is taken when `accent` is not `#rgb` or `#rrggbb`: it comes from a setting and goes
/// into a style.
export function accent_colours(
  accent: string | undefined,
  dark: boolean,
  fallback = '#2f5bea',
): accent_colours {
  const ground = dark ? dark_ground : white;
  const end = dark ? white : ink;
  const wanted = parse(accent ?? '') ?? parse(fallback)!;
  const colour = move_until(wanted, ground, end, visible);
  const light_text = contrast(colour, white) >= contrast(colour, ink);
  return {
    accent: css(colour),
    on_accent: light_text ? '#fff' : css(ink),
    accent_text: css(move_until(colour, ground, end, aa)),
  };
}

export function apply_accent(style: CSSStyleDeclaration, colours: accent_colours): void {
  style.setProperty('--accent', colours.accent);
  style.setProperty('--on-accent', colours.on_accent);
  style.setProperty('--accent-text', colours.accent_text);
}

export function contrast(a: rgb, b: rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

export function parse(text: string): rgb | undefined {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (!digits) return undefined;
  const width = digits.length / 3;
  return [0, 1, 2].map((i) => {
    const part = digits.slice(i * width, (i + 1) * width);
    return parseInt(width === 1 ? part + part : part, 16);
  }) as rgb;
}

// Moves the colour towards `end` in tenths until it stands out enough from the ground.
function move_until(colour: rgb, ground: rgb, end: rgb, enough: number): rgb {
  for (let step = 0; step < 10; ++step) {
    const mixed = colour.map((part, i) => Math.round(part + ((end[i] - part) * step) / 10)) as rgb;
    if (contrast(mixed, ground) >= enough) return mixed;
  }
  return end;
}

function luminance(colour: rgb): number {
  const [r, g, b] = colour.map((part) => {
    const value = part / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function css(colour: rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
