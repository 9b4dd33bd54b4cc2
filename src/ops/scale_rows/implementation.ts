import index from '../../../shaders/lib/index.wgsl?raw';
import source from '../../../shaders/scale_rows/forward.wgsl?raw';
import type { Kernel, Launch } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { lineLaunch } from '../lib/elementwise.js';
import { overRows } from '../lib/native-calls.js';

const kernel: Kernel = {
  name: 'scale_rows/forward',
  sources: [index, source],
  bindings: {
    x: { access: 'read', type: 'f32' },
    scale: { access: 'read', type: 'f32' },
    y: { access: 'read_write', type: 'f32' },
  },
};

/** Backward runs the same kernel on the gradients. */
function launch({ dims: { R, C } }: PlanRequest, x: string, y: string): Launch[] {
  return [{ ...lineLaunch(kernel, R * C, { R, C }), tensors: { x, y } }];
}

export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => launch(request, 'x', 'y'),
  backward: (request) => launch(request, 'dy', 'dx'),
};

export const native: NativePlanners = {
  forward: ({ dims: { R, C } }) => [overRows('scale_rows', ['x', 'scale', 'y', C], R, C)],
  backward: ({ dims: { R, C } }) => [overRows('scale_rows', ['dy', 'scale', 'dx', C], R, C)],
};

export const cases: readonly OpCase[] = [
  { dims: { R: 1, C: 1 } },
  { dims: { R: 5, C: 33 }, fill: { scale: { values: [0, 1, 0.5] } } },
  { dims: { R: 64, C: 256 }, fill: { scale: { values: [1, 0] } } },
];
