import type { ComponentChildren } from 'preact';

interface card {
  title: string;
  id: string;
  children: ComponentChildren;
}

export function Card({ title, id, children }: card) {
  return (
    <section class="card" data-testid={id} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export function Figures({ children }: { children: ComponentChildren }) {
  return <dl class="figures">{children}</dl>;
}

export function Figure(props: { name: string; value: string; is_bad?: boolean }) {
  return (
    <div class={props.is_bad ? 'figure bad-text' : 'figure'}>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}

/// A table that scrolls within itself when the page is narrow.
export function Table({ heads, children }: { heads: string[]; children: ComponentChildren }) {
  return (
    <div class="scrolls" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
