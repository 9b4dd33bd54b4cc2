import source from '../../../shaders/squared_norm/forward.wgsl?raw';
import { ShapeError } from '../../core/errors.js';
import type { Kernel } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { Planner } from '../../plan/planner.js';
import { alignElements } from '../../plan/tensor.js';
import { reductionWorkgroup } from '../lib/rules.js';
import { checkArena } from '../lib/optimizer-kernel.js';
import { normBlocks } from './blocks.js';
import { overRows } from '../lib/native-calls.js';

const kernel: Kernel = {
  name: 'squared_norm/forward',
  sources: [source],
  bindings: { x: { access: 'read', type: 'vec4<f32>' }, partial: { access: 'read_write', type: 'f32' } },
};

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

export * as reference from './reference.js';

export const plan: Planners = { forward: planForward };

export const native: NativePlanners = {
  forward: ({ dims: { E, B } }) => {
    const span = Math.ceil(E / B / 64) * 64;
    return [overRows('squared_norm', ['x', 'partial', E, span], B, 2 * span)];
  },
};

export const cases: readonly OpCase[] = [
  { dims: { E: 64, B: 1 } },
  { dims: { E: 192, B: 5 } },
  { dims: { E: 4096 + 64, B: 2 } },
  { dims: { E: 70720, B: 18 }, fill: { x: { scale: 0.01 } } },
  // Every third element is NaN or infinite: the kernel counts these and sums the others.
  { dims: { E: 832, B: 3 }, fill: { x: { values: [1, NaN, -2, 0.5, Infinity, 3, 1e-3, -Infinity, 4] } } },
  // Squares exceed single precision: the sum is infinite, though every element is finite.
  { dims: { E: 128, B: 2 }, fill: { x: { values: [1, 3e20] } } },
  { dims: { E: 1024 * 4096 + 64 * 1000, B: 1024 }, thorough: true },
];
