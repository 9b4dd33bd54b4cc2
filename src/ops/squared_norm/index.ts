import source from '../../../shaders/squared_norm/forward.wgsl?raw';
import { ShapeError } from '../../core/errors.js';
import type { Kernel } from '../../plan/kernel.js';
import { defineOp, input, output, type Planner } from '../../plan/op.js';
import { alignElements } from '../../plan/tensor.js';
import { reductionWorkgroup } from '../lib/target.js';
import { checkArena } from '../lib/update.js';
import * as native from './native.js';
import * as reference from './reference.js';

const kernel: Kernel = {
  name: 'squared_norm/forward',
  sources: [source],
  bindings: { x: { access: 'read', type: 'vec4<f32>' }, partial: { access: 'read_write', type: 'f32' } },
};

/**
 * Elements of a block: enough work for one workgroup, few enough that its sum is accurate in single
 * precision.
 */
const BLOCK = 4096;
const MOST_BLOCKS = 1024;

/**
 * The B that suits a tensor of E elements. A function of E alone, so that results do not depend on
 * the device's size.
 */
export function normBlocks(E: number): number {
  return Math.min(MOST_BLOCKS, Math.max(1, Math.ceil(E / BLOCK)));
}

const planForward: Planner = ({ dims, target }) => {
  const { E, B } = dims;
  checkArena('squared_norm', E);
  if (B > 65535)
    throw new ShapeError(
      `squared_norm: B must be at most 65535, the workgroups of one launch, got ${B}. normBlocks(E) ` +
        `gives ${normBlocks(E)}.`,
    );
  const span = alignElements(Math.ceil(E / B)) / 4;
  const { workgroup, levels } = reductionWorkgroup(target, 4);
  const constants = {
    FOURS: E / 4,
    SPAN: span,
    ROUNDS: Math.ceil(span / workgroup),
    WORKGROUP: workgroup,
    LEVELS: levels,
  };
  return [{ kernel, constants, grid: [B, 1, 1] }];
};

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
  native,
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
