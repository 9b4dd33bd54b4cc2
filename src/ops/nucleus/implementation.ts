import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import order from '../../../shaders/lib/order.wgsl?raw';
import source from '../../../shaders/nucleus/row.wgsl?raw';
import { BANNED_LOGIT } from '../../core/generation-constants.js';
import type { Kernel } from '../../plan/kernel.js';
import { rowLanesLaunch } from '../lib/row-lanes.js';
import { overRows } from '../lib/native-calls.js';

const kernel: Pick<Kernel, 'name' | 'sources' | 'bindings'> = {
  name: 'nucleus/row',
  sources: [order, source],
  bindings: {
    x: { access: 'read', type: 'f32' },
    limits: { access: 'read', type: 'f32' },
    y: { access: 'read_write', type: 'f32' },
  },
};

export * as reference from './reference.js';

export const plan: Planners = {
  forward: ({ dims: { R, V }, target }) => [rowLanesLaunch(kernel, R, target, { V, BANNED: BANNED_LOGIT })],
};

export const native: NativePlanners = {
  forward: ({ dims: { R, V } }) => [overRows('nucleus', ['x', 'limits', 'y', V], R, 40 * V)],
};

export const cases: readonly OpCase[] = [
  { dims: { R: 1, V: 1 }, fill: { limits: { values: [1, 0, 0.5] } } },
  { dims: { R: 5, V: 9 }, fill: { limits: { values: [1, 0, 0.7] } } },
  { dims: { R: 3, V: 40 }, fill: { limits: { values: [0.5, 6, 0.8] }, x: { scale: 2, shift: 100 } } },
  // Equal logits are kept or dropped together.
  {
    dims: { R: 2, V: 7 },
    fill: { limits: { values: [1, 0, 0.5] }, x: { values: [0, 1, 2, 1, -5, 2, 1] } },
  },
  { dims: { R: 3, V: 300 }, fill: { limits: { values: [1.3, 0, 1] } } },
  { dims: { R: 16, V: 30000 }, fill: { limits: { values: [0.9, 50, 0.9] } }, thorough: true },
];
