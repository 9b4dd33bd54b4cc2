import type { Reference } from '../../plan/op.js';

/**
 * loss[r] = log Σ_v exp(logits[r,v]) − logits[r,targets[r]]
 *
 * and, with `gradient`, the gradient of scale · Σ_r loss[r] in the place of logits:
 * logits[r,v] ← (softmax(logits[r])[v] − [v = targets[r]]) · scale
 *
 * Rows whose target is V or more have loss 0 and gradient 0.
 */
export const forward: Reference = ({ logits, targets, loss }, { R, V }, { scale, gradient }) => {
  for (let r = 0; r < R; r++) {
    const target = targets[r];
    const counts = target < V;
    let largest = -Infinity;
    for (let v = 0; v < V; v++) largest = Math.max(largest, logits[r * V + v]);
    let sum = 0;
    for (let v = 0; v < V; v++) sum += Math.exp(logits[r * V + v] - largest);
    loss[r] = counts ? Math.log(sum) + largest - logits[r * V + target] : 0;
    if (!gradient) continue;
    for (let v = 0; v < V; v++) {
      const probability = Math.exp(logits[r * V + v] - largest) / sum;
      logits[r * V + v] = counts ? (probability - (v === target ? 1 : 0)) * Number(scale) : 0;
    }
  }
};
