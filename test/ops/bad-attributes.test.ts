import { expect, it } from 'vitest';
import { OptionError, ShapeError } from '../../src/index.js';
import type { Dims } from '../../src/core/notation.js';
import type { Attributes } from '../../src/plan/planner.js';
import { loadedOp } from '../support/ops.js';

type Wrong = readonly [
  string,
  Dims,
  Attributes,
  readonly string[],
  typeof OptionError | typeof ShapeError,
  string,
];

const row: Dims = { T: 2, N: 3, C: 1 };
const logits: Dims = { R: 2, V: 3 };

it.each<Wrong>([
  ['squared_error', row, {}, ['ids'], OptionError, 'squared_error.symbols'],
  ['huber_error', row, { delta: 0 }, [], OptionError, 'huber_error.delta'],
  ['softmax_cross_entropy', logits, { labelSmoothing: 1 }, [], OptionError, 'labelSmoothing'],
  ['softmax_cross_entropy', logits, { labelSmoothing: -0.1 }, [], OptionError, 'labelSmoothing'],
  ['top_k', { R: 1, V: 3, K: 4 }, {}, [], ShapeError, 'K must be at most V = 3, got K = 4'],
])('%s %o %o with %o is refused', (name, dims, attributes, given, error, message) => {
  const plan = (): unknown =>
    loadedOp(name).plan.forward({
      dims,
      attributes: { ...loadedOp(name).attributes, ...attributes },
      target: { parallelism: 64 },
      has: (tensor) => given.includes(tensor),
      accumulate: [],
    });
  expect(plan).toThrow(error);
  expect(plan).toThrow(message);
});
