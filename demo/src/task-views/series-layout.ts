/** The range of an axis. */
export interface Scale {
  readonly least: number;
  readonly most: number;
}

/** Returns a range that contains all values, with a margin. */
export function scaleOf(values: Iterable<number>): Scale {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  if (!(most >= least)) return { least: 0, most: 1 };
  const room = most > least ? 0.06 * (most - least) : 1;
  return { least: least - room, most: most + room };
}

/** Returns pixels from the top. */
export function yOf(value: number, { least, most }: Scale, height: number): number {
  return height * (1 - (value - least) / (most - least));
}

/** Returns the points of an SVG line, evenly spaced from left to right. */
export function pointsOf(
  values: ArrayLike<number>,
  scale: Scale,
  { width, height, left = 0 }: { readonly width: number; readonly height: number; readonly left?: number },
): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return Array.from(
    values,
    (value, i) => `${(left + i * step).toFixed(1)},${yOf(value, scale, height).toFixed(1)}`,
  ).join(' ');
}

/** Returns the root mean square errors of the predictions and of always predicting the mean. */
export function errorsOf(pairs: readonly { readonly value: number; readonly truth: number }[]): {
  readonly error: number;
  readonly guessing: number;
} {
  const mean = pairs.reduce((sum, { truth }) => sum + truth, 0) / pairs.length;
  const root = (of: (pair: (typeof pairs)[number]) => number): number =>
    Math.sqrt(pairs.reduce((sum, pair) => sum + of(pair) ** 2, 0) / pairs.length);
  return {
    error: root(({ value, truth }) => value - truth),
    guessing: root(({ truth }) => truth - mean),
  };
}
