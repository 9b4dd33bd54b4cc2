import { pcg4d, STREAM } from '../../core/random.js';
import { NO_FORCED_ID } from '../../core/generation-constants.js';
import type { Reference } from '../../plan/op.js';

/**
 * p_i ∝ exp(logits_i / temperature) over the k largest logits. The choice is the first i whose
 * cumulative weight exceeds u·Σp. Temperature 0 takes the largest logit, the first of equal ones.
 */
export const forward: Reference = ({ logits, control, temperature, id, chosen }, { R, V }) => {
  const [forced, counter, seed, k] = control;
  for (let r = 0; r < R; r++) {
    const row = Array.from(logits.subarray(r * V, (r + 1) * V));
    // Math.max would return NaN if one logit is NaN. This ignores NaN, and still chooses a symbol.
    const largest = row.reduce((most, x) => (x > most ? x : most), -Infinity);
    let choice = Math.max(0, row.indexOf(largest));
    if (forced !== NO_FORCED_ID) choice = forced;
    else if (temperature[0] > 0) {
      const threshold = k > 0 && k < V ? [...row].sort((a, b) => b - a)[k - 1] : -Infinity;
      const weights = row.map((x) => (x >= threshold ? Math.exp((x - largest) / temperature[0]) : 0));
      const u = (pcg4d(seed, STREAM.sampling, counter, r)[0] >>> 8) / 16777216;
      let left = u * weights.reduce((sum, weight) => sum + weight, 0);
      const found = weights.findIndex((weight) => (left -= weight) < 0);
      if (found >= 0) choice = found;
    }
    id[r] = chosen[r] = choice;
  }
};
