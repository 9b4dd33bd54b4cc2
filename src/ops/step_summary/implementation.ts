import source from '../../../shaders/step_summary/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { Planner } from '../../plan/planner.js';
import { reductionWorkgroup } from '../lib/rules.js';
import { overRows } from '../lib/native-calls.js';

const kernel: Kernel = {
  name: 'step_summary/forward',
  sources: [source],
  bindings: {
    partial: { access: 'read', type: 'f32' },
    loss: { access: 'read', type: 'f32' },
    report: { access: 'read_write', type: 'vec4<f32>' },
  },
};

const planForward: Planner = ({ dims, attributes, target }) => {
  const { B, R } = dims;
  const { workgroup, levels } = reductionWorkgroup(target, 16);
  const constants = {
    B,
    R,
    LOSS_ROUNDS: Math.ceil(R / workgroup),
    PARTIAL_ROUNDS: Math.ceil(B / workgroup),
    CLIP_NORM: Number(attributes.clipNorm),
    WORKGROUP: workgroup,
    LEVELS: levels,
  };
  return [{ kernel, constants, grid: [1, 1, 1] }];
};

export * as reference from './reference.js';

export const plan: Planners = { forward: planForward };

export const native: NativePlanners = {
  /** One thread computes it: a few thousand additions. */
  forward: ({ dims: { B, R }, attributes }) => [
    overRows('step_summary', ['partial', 'loss', 'report', B, R, Number(attributes.clipNorm)], 1, B + R),
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { B: 1, R: 1 }, fill: { partial: { values: [4, 0] } } },
  { dims: { B: 18, R: 25 }, attributes: { clipNorm: 0.25 }, fill: { partial: { values: [0.5, 0] } } },
  { dims: { B: 2, R: 7 }, attributes: { clipNorm: 5 }, fill: { partial: { values: [0.5, 0] } } },
  {
    dims: { B: 1024, R: 12801 },
    attributes: { clipNorm: 0.1 },
    fill: { partial: { values: [1e-3, 0] }, loss: { scale: 0.01 } },
  },
  { dims: { B: 3, R: 25 }, attributes: { clipNorm: 1 }, fill: { partial: { values: [1, 0, 2, 3] } } },
  {
    dims: { B: 2, R: 25 },
    attributes: { clipNorm: 1 },
    fill: { partial: { values: [Infinity, 0, 1, 0] } },
  },
  // Each block's sum fits in single precision, but their total does not.
  { dims: { B: 2, R: 25 }, fill: { partial: { values: [3e38, 0] } } },
  { dims: { B: 5, R: 3 }, attributes: { clipNorm: 1 }, fill: { partial: { values: [0] } } },
];
