import type { Reference } from '../../plan/op.js';

/** l(p, y) and dl/dp of one element. The Huber error is linear beyond `delta`. */
type Element = (p: number, y: number, delta: number) => readonly [number, number];

/**
 * loss[t,n] = Σ_c l(predictions[t,n,c], targets[t,n,c]). With `gradient`, the gradient of
 * scale/count · Σ loss replaces the predictions. Rows with t ≥ lengths[n], and rows whose id is
 * `symbols` or more, are left out: loss 0 and gradient 0.
 */
const lossOf =
  (element: Element): Reference =>
  ({ predictions, targets, lengths, ids, count, loss }, { T, N, C }, attributes) => {
    const factor = Number(attributes.scale) / (count ? count[0] : 1);
    for (let row = 0; row < T * N; row++) {
      const isPadding = lengths !== undefined && Math.floor(row / N) >= lengths[row % N];
      const counts = !isPadding && (ids === undefined || ids[row] < Number(attributes.symbols));
      let sum = 0;
      for (let i = row * C; i < (row + 1) * C; i++) {
        const [value, slope] = element(predictions[i], targets[i], Number(attributes.delta));
        sum += value;
        if (attributes.gradient) predictions[i] = counts ? factor * slope : 0;
      }
      loss[row] = counts ? sum : 0;
    }
  };

/** (p − y)² */
export const squared = lossOf((p, y) => [(p - y) ** 2, 2 * (p - y)]);

/** |p − y|, with slope 0 at 0 */
export const absolute = lossOf((p, y) => [Math.abs(p - y), Math.sign(p - y)]);

/** d²/2 for d = |p − y| up to delta, then delta·(d − delta/2) */
export const huber = lossOf((p, y, delta) => {
  const d = Math.abs(p - y);
  return d <= delta ? [d ** 2 / 2, p - y] : [delta * (d - delta / 2), delta * Math.sign(p - y)];
});

/** −y·log σ(p) − (1 − y)·log(1 − σ(p)), written so that nothing overflows */
export const sigmoidCrossEntropy = lossOf((p, y) => [
  Math.max(p, 0) - p * y + Math.log1p(Math.exp(-Math.abs(p))),
  1 / (1 + Math.exp(-p)) - y,
]);
