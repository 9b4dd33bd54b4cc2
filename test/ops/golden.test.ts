import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DType, NumberArray } from '../../src/core/arrays.js';
import { hostArray } from '../../src/core/arrays.js';
import { elementCount, evaluateShape, type Dims } from '../../src/core/notation.js';
import type { Attributes } from '../../src/plan/planner.js';
import { loadedOp } from '../support/ops.js';

/** One case of test/golden/ops.json, which make_ops.py computed with torch and its autograd. */
interface GoldenCase {
  readonly op: string;
  readonly dims: Dims;
  readonly attributes: Attributes;
  readonly read: Readonly<Record<string, readonly number[]>>;
  readonly output: Readonly<Record<string, readonly number[]>>;
  readonly upstream: Readonly<Record<string, readonly number[]>>;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const golden = JSON.parse(readFileSync(new URL('../golden/ops.json', import.meta.url), 'utf8')) as {
  readonly torch: string;
  readonly cases: readonly GoldenCase[];
};

function arrayOf(dtype: DType, values: readonly number[]): NumberArray {
  const array = hostArray(dtype, values.length, 'double');
  array.set(values);
  return array;
}

/** Runs an op's references on whole arrays in double precision. What they write is NaN before. */
function runReference(
  name: string,
  dims: Dims,
  attributes: Attributes,
  given: Readonly<Record<string, readonly number[]>>,
  wanted: readonly string[] = [],
): Record<string, NumberArray> {
  const op = loadedOp(name);
  const arrays: Record<string, NumberArray> = {};
  const empty = (row: { readonly dtype: DType; readonly shape: readonly string[] }): NumberArray =>
    arrayOf(row.dtype, Array<number>(elementCount(evaluateShape(row.shape, dims))).fill(NaN));
  for (const [key, row] of Object.entries(op.tensors)) {
    if (given[key]) arrays[key] = arrayOf(row.dtype, given[key]);
    else if (row.role !== 'weight' && row.role !== 'input') arrays[key] = empty(row);
    const gradient = given[`d${key}`];
    if (gradient) arrays[`d${key}`] = arrayOf('f32', gradient);
    else if (wanted.includes(`d${key}`)) arrays[`d${key}`] = empty({ dtype: 'f32', shape: row.shape });
  }
  const all = { ...op.attributes, ...attributes };
  op.reference.forward(arrays, dims, all);
  op.reference.backward?.(arrays, dims, all);
  return arrays;
}

function expectClose(got: NumberArray, expected: readonly number[], what: string): void {
  expect(got.length, what).toBe(expected.length);
  expected.forEach((value, i) =>
    expect(
      Math.abs(got[i] - value) / Math.max(1, Math.abs(value)),
      `${what}[${i}]: ${got[i]}, expected ${value}`,
    ).toBeLessThan(1e-9),
  );
}

describe(`references against torch ${golden.torch}`, () => {
  it.each(golden.cases.map((c) => [`${c.op} ${JSON.stringify({ ...c.dims, ...c.attributes })}`, c] as const))(
    '%s',
    (_, c) => {
      const inPlace = loadedOp(c.op).gradientInPlace ?? {};
      const arrays = runReference(
        c.op,
        c.dims,
        c.attributes,
        { ...c.read, ...c.upstream },
        Object.keys(c.gradients),
      );
      for (const [name, expected] of Object.entries(c.output)) expectClose(arrays[name], expected, name);
      for (const [name, expected] of Object.entries(c.gradients))
        expectClose(arrays[inPlace[name.slice(1)] ?? name], expected, name);
    },
  );
});

describe('references against cases worked by hand', () => {
  /** op, dims, attributes, what is given, what must come out */
  const cases: readonly (readonly [
    string,
    Dims,
    Attributes,
    Record<string, readonly number[]>,
    Record<string, readonly number[]>,
  ])[] = [
    // tanh(ln 3) = (3 − 1/3)/(3 + 1/3) = 0.8; 1 − 0.64 = 0.36
    ['tanh', { E: 2 }, {}, { x: [Math.log(3), 0], dy: [10, 5] }, { y: [0.8, 0], dx: [3.6, 5] }],
    // 1/(1 + 1/4) = 0.8; 0.8 · 0.2 = 0.16
    ['sigmoid', { E: 2 }, {}, { x: [Math.log(4), 0], dy: [100, 4] }, { y: [0.8, 0.5], dx: [16, 1] }],
    ['relu', { E: 3 }, {}, { x: [-2, 0, 3], dy: [5, 6, 7] }, { y: [0, 0, 3], dx: [0, 0, 7] }],
    ['add', { E: 2 }, {}, { a: [1, 2], b: [10, 20], dy: [3, 4] }, { y: [11, 22], da: [3, 4], db: [3, 4] }],
    ['add_into', { E: 2 }, {}, { x: [1, 2], sum: [10, 20] }, { sum: [11, 22] }],
    [
      'multiply',
      { E: 2 },
      {},
      { a: [2, 3], b: [10, 20], dy: [1, -1] },
      { y: [20, 60], da: [10, -20], db: [2, -3] },
    ],
    [
      'add_row',
      { R: 2, C: 2 },
      {},
      { x: [1, 2, 3, 4], b: [10, 20], dy: [1, 2, 3, 5] },
      { y: [11, 22, 13, 24], dx: [1, 2, 3, 5], db: [4, 7] },
    ],
    // exp gives 1 : 3; the mean of dy is 1/4 · 4 + 3/4 · 8 = 7
    [
      'softmax',
      { R: 1, V: 2 },
      {},
      { x: [0, Math.log(3)], dy: [4, 8] },
      { y: [0.25, 0.75], dx: [-0.75, 0.75] },
    ],
    // The second row's target is no symbol, so the row is left out.
    [
      'softmax_cross_entropy',
      { R: 2, V: 2 },
      { scale: 8 },
      { logits: [0, Math.log(3), 5, 6], targets: [0, 2] },
      { loss: [Math.log(4), 0], logits: [8 * (0.25 - 1), 8 * 0.75, 0, 0] },
    ],
    [
      'softmax_cross_entropy',
      { R: 1, V: 2 },
      { gradient: false },
      { logits: [7, 7 + Math.log(3)], targets: [1] },
      { loss: [Math.log(4 / 3)], logits: [7, 7 + Math.log(3)] },
    ],
    [
      'top_k',
      { R: 2, V: 4, K: 3 },
      {},
      { x: [2, 5, 2, NaN, -1, -9, NaN, 0] },
      { values: [5, 2, 2, 0, -1, -9], ids: [1, 0, 2, 3, 0, 1] },
    ],
    ['argmax', { R: 2, V: 3 }, {}, { x: [-2, -1, -1, NaN, -Infinity, NaN] }, { ids: [1, 1] }],
    ['fill', { E: 2 }, { value: 1.5 }, {}, { y: [1.5, 1.5] }],
    [
      'sum_rows',
      { R: 3, C: 2 },
      {},
      { x: [1, 2, 3, 4, 5, 6], dy: [7, 8] },
      { y: [9, 12], dx: [7, 8, 7, 8, 7, 8] },
    ],
    [
      'concat',
      { R: 2, M: 1, P: 2 },
      {},
      { a: [1, 2], b: [3, 4, 5, 6], dy: [1, 2, 3, 4, 5, 6] },
      { y: [1, 3, 4, 2, 5, 6], da: [1, 4], db: [2, 3, 5, 6] },
    ],
    [
      'slice',
      { R: 3, C: 2, S: 1 },
      { start: 1 },
      { x: [1, 2, 3, 4, 5, 6], dy: [7, 8] },
      { y: [3, 4], dx: [0, 0, 7, 8, 0, 0] },
    ],
    [
      'slice_columns',
      { R: 2, C: 3, M: 1 },
      { start: 1 },
      { x: [1, 2, 3, 4, 5, 6], dy: [7, 8] },
      { y: [2, 5], dx: [0, 7, 0, 0, 8, 0] },
    ],
    ['affine', { E: 2 }, { scale: -2, shift: 1 }, { x: [3, -4], dy: [5, 6] }, { y: [-5, 9], dx: [-10, -12] }],
    ['divide', { E: 1 }, {}, { a: [6], b: [-4], dy: [8] }, { y: [-1.5], da: [-2], db: [-3] }],
    // Rate 0 leaves everything as it is.
    ['dropout', { E: 2 }, { rate: 0 }, { x: [3, 4], key: [1, 2], dy: [5, 6] }, { y: [3, 4], dx: [5, 6] }],
    [
      'choose_rows',
      { T: 1, N: 2, C: 1 },
      { t: 1 },
      { a: [1, 2], b: [3, 4], lengths: [1, 2], dy: [5, 6] },
      { y: [3, 2], da: [0, 6], db: [5, 0] },
    ],
    [
      'last_steps',
      { T: 2, N: 2, C: 1 },
      {},
      { x: [1, 2, 3, 4], lengths: [1, 2], dy: [5, 6] },
      { y: [1, 4], dx: [5, 0, 0, 6] },
    ],
    [
      'pair_steps',
      { T: 3, N: 1, C: 1, S: 2 },
      {},
      { x: [1, 2, 3], dy: [4, 5, 6, 7] },
      { y: [1, 2, 3, 0], dx: [4, 5, 6] },
    ],
    ['half_lengths', { N: 4 }, {}, { x: [1, 2, 3, 8] }, { y: [1, 1, 2, 4] }],
    // Row 1 occurs twice, row 0 never, and id 2 is unknown.
    [
      'gather',
      { R: 3, V: 2, C: 2 },
      {},
      { ids: [1, 2, 1], weight: [1, 2, 3, 4], bias: [10, 20], dy: [1, 2, 3, 4, 5, 6] },
      { y: [13, 24, 10, 20, 13, 24], dweight: [0, 0, 6, 8], dbias: [9, 12] },
    ],
  ];

  it.each(cases)('%s %o %o', (name, dims, attributes, given, expected) => {
    const arrays = runReference(name, dims, attributes, given, Object.keys(expected));
    for (const [tensor, values] of Object.entries(expected)) expectClose(arrays[tensor], values, tensor);
  });
});
