import { expect, it } from 'vitest';
import { compileLoaded } from '../../src/plan/compile.js';
import { GraphBuilder, type Graph } from '../../src/plan/graph.js';
import { allOps } from '../support/ops.js';

/** `count` rows (or columns) from `start` of a 6×8 matrix. */
function sliceGraph(name: 'slice' | 'slice_columns', start: number, count: number): Graph {
  const builder = new GraphBuilder();
  const x = builder.tensor('input', 'x', [6, 8]);
  builder.apply(allOps[name], 'part', { x }, { start }, name === 'slice' ? { S: count } : { M: count });
  return builder.graph;
}

const target = { parallelism: 64 };

it.each([
  [
    'slice',
    5,
    2,
    /slice: 2 rows from start = 5 do not lie within 6; start must be a whole number from 0 to 4/,
  ],
  ['slice', -1, 2, /start = -1/],
  ['slice', 0.5, 2, /start = 0.5/],
  ['slice', 0, 7, /slice: 7 rows were asked for, but there are only 6/],
  [
    'slice_columns',
    8,
    1,
    /slice_columns: 1 columns from start = 8 do not lie within 8; start must be a whole number from 0 to 7/,
  ],
] as const)('%s from %d of length %d is refused', (name, start, count, message) => {
  expect(() => compileLoaded(sliceGraph(name, start, count), allOps, target)).toThrow(message);
});

it('parts of one size share a kernel, because their start is a uniform', () => {
  const launches = [0, 1, 4].flatMap(
    (start) => compileLoaded(sliceGraph('slice', start, 2), allOps, target).launches,
  );
  expect(new Set(launches.map(({ constants }) => JSON.stringify(constants))).size).toBe(1);
  // Eight columns are two values of four.
  expect(launches.map(({ uniforms }) => uniforms)).toEqual([{ start: 0 }, { start: 2 }, { start: 8 }]);
});
