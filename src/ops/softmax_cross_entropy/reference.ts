import type { Reference } from '../../plan/op.js';

/**
 * With label smoothing e, class weights w (1 without), hit = (1 − e)·w[target], spread_v = e/V·w[v] and
 * lse = log Σ_v exp(logits[r,v]):
 *
 * loss[r] = hit·(lse − logits[r,targets[r]]) + Σ_v spread_v·(lse − logits[r,v])
 *
 * and, with `gradient`, the gradient of scale/count · Σ_r loss[r] in the place of logits:
 * logits[r,v] ← ((hit + Σ spread)·softmax(logits[r])[v] − spread_v − hit·[v = targets[r]]) · scale/count
 *
 * Rows whose target is V or more have loss 0 and gradient 0.
 */
export const forward: Reference = ({ logits, targets, count, class_weights, loss }, { R, V }, attributes) => {
  const smoothing = Number(attributes.labelSmoothing);
  const factor = Number(attributes.scale) / (count ? count[0] : 1);
  const weightOf = (v: number): number => (class_weights ? class_weights[v] : 1);
  for (let r = 0; r < R; r++) {
    const row = logits.subarray(r * V, (r + 1) * V);
    const target = targets[r];
    const counts = target < V;
    let largest = -Infinity;
    for (let v = 0; v < V; v++) largest = Math.max(largest, row[v]);
    let sum = 0;
    for (let v = 0; v < V; v++) sum += Math.exp(row[v] - largest);
    const hit = counts ? (1 - smoothing) * weightOf(target) : 0;
    const spread = (v: number): number => (smoothing / V) * weightOf(v);
    const minusLog = (v: number): number => Math.log(sum) + largest - row[v];
    let total = counts ? hit * minusLog(target) : 0;
    let weight = hit;
    for (let v = 0; v < V; v++) {
      total += smoothing === 0 ? 0 : spread(v) * minusLog(v);
      weight += spread(v);
    }
    loss[r] = counts ? total : 0;
    if (!attributes.gradient) continue;
    for (let v = 0; v < V; v++) {
      const gradient = (weight * Math.exp(row[v] - largest)) / sum - spread(v) - (v === target ? hit : 0);
      row[v] = counts ? gradient * factor : 0;
    }
  }
};
