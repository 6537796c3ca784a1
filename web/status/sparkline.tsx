const width = 240;
const height = 36;

/// The line of the last two minutes, newest at the end. The top is the greatest of them, or `top`.
export function Sparkline(props: { values: number[]; name: string; top?: number }) {
  const { values, name } = props;
  if (values.length < 2) return <svg class="sparkline" aria-hidden="true" />;
  const top = Math.max(props.top ?? 1, ...values);
  const step = width / (values.length - 1);
  const line = values
    .map((value, i) => `${(i * step).toFixed(1)},${(height - (value / top) * height).toFixed(1)}`)
    .join(' ');
  return (
    <svg
      class="sparkline"
      viewBox={`0 -1 ${width} ${height + 2}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={name}
    >
      <polygon points={`0,${height} ${line} ${width},${height}`} />
      <polyline points={line} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
