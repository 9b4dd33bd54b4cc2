import { BANNED_LOGIT } from '../../core/generation-constants.js';
import type { Reference } from '../../plan/op.js';

/**
 * p_i ∝ exp(x_i / temperature) over the k largest x. Symbols are kept from the largest down until
 * their probabilities reach p, and with the last one all equal to it. y = x for those, BANNED_LOGIT
 * for the others.
 */
export const forward: Reference = ({ x, limits, y }, { R, V }) => {
  const [temperature, k, p] = limits;
  for (let r = 0; r < R; r++) {
    const row = Array.from(x.subarray(r * V, (r + 1) * V));
    const sorted = [...row].sort((a, b) => b - a);
    const least = k > 0 && k < V ? sorted[k - 1] : -Infinity;
    const among = sorted.filter((logit) => logit >= least);
    const weights = among.map((logit) => Math.exp((logit - sorted[0]) / temperature));
    const wanted = p * weights.reduce((sum, weight) => sum + weight, 0);
    let [kept, sum] = [0, 0];
    while (kept < among.length && sum < wanted) sum += weights[kept++];
    const threshold = among[Math.max(0, kept - 1)];
    for (let v = 0; v < V; v++) y[r * V + v] = row[v] >= threshold ? row[v] : BANNED_LOGIT;
  }
};
