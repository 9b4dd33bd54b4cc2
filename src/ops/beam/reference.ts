import type { NumberArray } from '../../core/arrays.js';
import { ENDED_SCORE, LEAST_SCORE, NO_FORCED_ID } from '../../core/generation-constants.js';
import type { Reference } from '../../plan/op.js';

/** log Σ_v exp(logits[r,v]) */
function logSumExp(logits: NumberArray, r: number, V: number): number {
  let largest = -Infinity;
  for (let v = 0; v < V; v++) largest = Math.max(largest, logits[r * V + v]);
  let sum = 0;
  for (let v = 0; v < V; v++) sum += Math.exp(logits[r * V + v] - largest);
  return largest + Math.log(sum);
}

/**
 * total[n,j] is the j-th largest of score[n,b] + logits[b,ids[b,k]] − logSumExp(logits[b]) over all
 * b and k. Of equal sums the lower b comes first, then the lower k. With a forced id, total is the
 * score itself, and that id follows. score = total, or ENDED_SCORE where the id is the end symbol;
 * parent = the row n·B + b.
 */
export const forward: Reference = (tensors, { N, B, V }, { end }) => {
  const { logits, ids, forced, score, id, parent, chosen, total } = tensors;
  for (let n = 0; n < N; n++) {
    const candidates: { sum: number; symbol: number; source: number }[] = [];
    for (let source = n * B; source < (n + 1) * B; source++) {
      const normalizer = logSumExp(logits, source, V);
      if (forced[n] !== NO_FORCED_ID) candidates.push({ sum: score[source], symbol: forced[n], source });
      else
        for (let k = 0; k < B; k++) {
          const symbol = ids[source * B + k];
          candidates.push({ sum: score[source] + logits[source * V + symbol] - normalizer, symbol, source });
        }
    }
    // A stable sort: equal sums stay in their order.
    const best = candidates.filter(({ sum }) => sum > LEAST_SCORE).sort((a, b) => b.sum - a.sum);
    for (let j = 0; j < B; j++) {
      const slot = n * B + j;
      const { sum, symbol, source } = best[j] ?? { sum: ENDED_SCORE, symbol: 0, source: n * B };
      total[slot] = sum;
      score[slot] = symbol === end ? ENDED_SCORE : sum;
      id[slot] = chosen[slot] = symbol;
      parent[slot] = chosen[N * B + slot] = source;
    }
  }
};
