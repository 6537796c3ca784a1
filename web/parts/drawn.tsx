/// A path on a grid of 24, drawn with a round pen in the colour of the text around it.
export function Drawn({ d, size, pen = 1.8 }: { d: string; size: number; pen?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path
        d={d}
        fill="none"
        stroke="currentColor"
        stroke-width={pen}
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
