import { describe, expect, it } from 'vitest';
import { hostArray, type NumberArray } from '../../src/core/arrays.js';
import { ENDED_SCORE, LEAST_SCORE, BANNED_LOGIT, NO_FORCED_ID } from '../../src/core/generation-constants.js';
import type { Dims } from '../../src/core/notation.js';
import { loadedOp } from '../support/ops.js';

/** Runs an op's reference on arrays in double precision. */
function run(
  name: 'beam' | 'nucleus' | 'force_ids',
  dims: Dims,
  given: Readonly<Record<string, readonly number[]>>,
  attributes: Readonly<Record<string, number>> = {},
): Record<string, readonly number[]> {
  const op = loadedOp(name);
  const arrays = Object.fromEntries(
    Object.entries(given).map(([key, values]): [string, NumberArray] => {
      const array = hostArray(op.tensors[key].dtype, values.length, 'double');
      array.set(values);
      return [key, array];
    }),
  );
  op.reference.forward(arrays, dims, { ...op.attributes, ...attributes });
  return Object.fromEntries(Object.entries(arrays).map(([key, array]) => [key, Array.from(array)]));
}

/** Cases worked by hand: probabilities are whole tenths. */
const logs = (...tenths: number[]): number[] => tenths.map((tenth) => Math.log(tenth / 10));

describe('beam', () => {
  it('keeps the best of all continuations, and ends those with the end symbol', () => {
    // Hypothesis 0 has probability 0.4, hypothesis 1 has 0.5. Continuations: 0.4·0.7 (id 0) = 0.28,
    // 0.4·0.2 (id 2) = 0.08, 0.5·0.6 (id 1, the end) = 0.3, 0.5·0.3 (id 0) = 0.15.
    const result = run(
      'beam',
      { N: 1, B: 2, V: 3 },
      {
        // Logits of row 0 are shifted: only differences count.
        logits: [...logs(7, 1, 2).map((x) => x + 5), ...logs(3, 6, 1)],
        ids: [0, 2, 1, 0],
        forced: [NO_FORCED_ID],
        score: logs(4, 5),
        id: [9, 9],
        parent: [9, 9],
        chosen: [9, 9, 9, 9],
        total: [9, 9],
      },
      { end: 1 },
    );
    expect(result.id).toEqual([1, 0]);
    expect(result.parent).toEqual([1, 0]);
    expect(result.chosen).toEqual([1, 0, 1, 0]);
    for (const [j, p] of [0.3, 0.28].entries()) expect(result.total[j]).toBeCloseTo(Math.log(p), 12);
    expect(result.score[0]).toBe(ENDED_SCORE);
    expect(result.score[1]).toBe(result.total[1]);
  });

  it('continues only with a forced id, from the best hypothesis, at no cost', () => {
    const result = run(
      'beam',
      { N: 1, B: 2, V: 3 },
      {
        logits: [...logs(7, 1, 2), ...logs(3, 6, 1)],
        ids: [0, 2, 1, 0],
        forced: [2],
        score: [ENDED_SCORE, -1.25],
        id: [9, 9],
        parent: [9, 9],
        chosen: [9, 9, 9, 9],
        total: [9, 9],
      },
    );
    expect([result.id[0], result.parent[0], result.total[0], result.score[0]]).toEqual([2, 1, -1.25, -1.25]);
    expect(result.total[1]).toBeLessThan(LEAST_SCORE);
  });
});

describe('nucleus', () => {
  const kept = (limits: readonly number[]): number[] =>
    run('nucleus', { R: 1, V: 4 }, { x: logs(2, 5, 1, 2), limits, y: [9, 9, 9, 9] }).y.flatMap((y, i) =>
      y === BANNED_LOGIT ? [] : [i],
    );

  it('keeps the likeliest symbols that reach p, and equal ones together', () => {
    expect(kept([1, 0, 0.4])).toEqual([1]);
    expect(kept([1, 0, 0.6])).toEqual([0, 1, 3]);
    expect(kept([1, 0, 0.95])).toEqual([0, 1, 2, 3]);
  });

  it('computes probabilities at the temperature, over the k likeliest', () => {
    // At temperature 0.5 probabilities are squared: 25 of 34 is 0.735.
    expect(kept([0.5, 0, 0.73])).toEqual([1]);
    // Of the three likeliest, the first has 5 of 9.
    expect(kept([1, 2, 0.55])).toEqual([1]);
    expect(kept([1, 2, 0.56])).toEqual([0, 1, 3]);
    expect(kept([1, 1, 1])).toEqual([1]);
  });
});

it('force_ids replaces the ids of rows that are forced', () => {
  const { id, chosen } = run(
    'force_ids',
    { R: 3 },
    { forced: [NO_FORCED_ID, 4, 0], id: [7, 8, 9], chosen: [1, 1, 1] },
  );
  expect(id).toEqual([7, 4, 0]);
  expect(chosen).toEqual(id);
});
