import type { NumberArray } from '../../core/arrays.js';
import type { Reference } from '../../plan/op.js';

/** Sorts columns: the larger element first, of equal elements the lower column first, NaN last. */
function compare(x: NumberArray, a: number, b: number): number {
  const [isNanA, isNanB] = [Number.isNaN(x[a]), Number.isNaN(x[b])];
  if (isNanA !== isNanB) return isNanA ? 1 : -1;
  return isNanA || x[a] === x[b] ? a - b : x[b] - x[a];
}

/** ids[r,k] = column of the k-th largest element of row r, values[r,k] = x[r,ids[r,k]] */
function choose(
  x: NumberArray,
  ids: NumberArray,
  values: NumberArray | undefined,
  dims: { R: number; V: number; K: number },
): void {
  const { R, V, K } = dims;
  for (let r = 0; r < R; r++) {
    const columns = Array.from({ length: V }, (_, v) => r * V + v).sort((a, b) => compare(x, a, b));
    for (let k = 0; k < K; k++) {
      ids[r * K + k] = columns[k] - r * V;
      if (values) values[r * K + k] = x[columns[k]];
    }
  }
}

/** The K largest elements of each row, the largest first. */
export const topK = {
  forward: (({ x, values, ids }, { R, V, K }) => choose(x, ids, values, { R, V, K })) satisfies Reference,
};

/** The column of the largest element of each row. */
export const argmax = {
  forward: (({ x, ids }, { R, V }) => choose(x, ids, undefined, { R, V, K: 1 })) satisfies Reference,
};
