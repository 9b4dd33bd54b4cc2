import { defineOp, input, output } from '../../plan/op.js';
import { forward as planForward } from './plan.js';
import * as reference from './reference.js';

export { normBlocks } from './plan.js';

/**
 * First half of a gradient norm; `step_summary` is the second. B is the caller's choice: see
 * `normBlocks`.
 */
export const squaredNorm = defineOp({
  name: 'squared_norm',
  about:
    'Per block b of a flat tensor: partial[b] = (Σ x² over finite x, number of infinite or NaN x). E ' +
    'is a multiple of 64.',
  tensors: {
    x: input(['E'], { differentiable: false, about: 'gradients' }),
    partial: output(['B', '2'], {
      differentiable: false,
      about: 'sum of squares, number of non-finite elements',
    }),
  },
  attributes: {},
  reference,
  plan: { forward: planForward },
  cases: [
    { dims: { E: 64, B: 1 } },
    { dims: { E: 192, B: 5 } },
    { dims: { E: 4096 + 64, B: 2 } },
    { dims: { E: 70720, B: 18 }, fill: { x: { scale: 0.01 } } },
    // Every third element is no number: these are counted, and the others are summed.
    { dims: { E: 832, B: 3 }, fill: { x: { values: [1, NaN, -2, 0.5, Infinity, 3, 1e-3, -Infinity, 4] } } },
    // Squares beyond single precision: the sum is infinite, though every element is finite.
    { dims: { E: 128, B: 2 }, fill: { x: { values: [1, 3e20] } } },
    { dims: { E: 1024 * 4096 + 64 * 1000, B: 1024 }, thorough: true },
  ],
});
