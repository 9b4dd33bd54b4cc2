import index from '../../../shaders/lib/index.wgsl?raw';
import reduction from '../../../shaders/lib/workgroup_reduction.wgsl?raw';
import backwardPerInvocationSource from '../../../shaders/softmax/backward_row_per_invocation.wgsl?raw';
import backwardPerWorkgroupSource from '../../../shaders/softmax/backward_row_per_workgroup.wgsl?raw';
import forwardPerInvocationSource from '../../../shaders/softmax/forward_row_per_invocation.wgsl?raw';
import forwardPerWorkgroupSource from '../../../shaders/softmax/forward_row_per_workgroup.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { Planner } from '../../plan/planner.js';
import { rowLaunch, type RowKernels } from '../lib/row-layout.js';
import { overRows } from '../lib/native-calls.js';

const forward: Kernel['bindings'] = {
  x: { access: 'read', type: 'f32' },
  y: { access: 'read_write', type: 'f32' },
};

const backward: Kernel['bindings'] = {
  y: { access: 'read', type: 'f32' },
  dy: { access: 'read', type: 'f32' },
  dx: { access: 'read_write', type: 'f32' },
};

const forwardKernels: RowKernels = {
  rowPerInvocation: {
    name: 'softmax/forward_row_per_invocation',
    sources: [index, forwardPerInvocationSource],
    bindings: forward,
  },
  rowPerWorkgroup: {
    name: 'softmax/forward_row_per_workgroup',
    sources: [reduction, forwardPerWorkgroupSource],
    bindings: forward,
  },
};

const backwardKernels: RowKernels = {
  rowPerInvocation: {
    name: 'softmax/backward_row_per_invocation',
    sources: [index, backwardPerInvocationSource],
    bindings: backward,
  },
  rowPerWorkgroup: {
    name: 'softmax/backward_row_per_workgroup',
    sources: [reduction, backwardPerWorkgroupSource],
    bindings: backward,
  },
};

const planner =
  (kernels: RowKernels): Planner =>
  ({ dims: { R, V }, target }) => [rowLaunch(kernels, R, target, { R, V })];

export * as reference from './reference.js';

export const plan: Planners = {
  forward: planner(forwardKernels),
  backward: planner(backwardKernels),
};

export const native: NativePlanners = {
  /** The kernel also serves `masked_softmax`; here there are no lengths, so all V columns count. */
  forward: ({ dims: { R, V } }) => [overRows('softmax_forward', ['x', 'y', V, 0, 1], R, 16 * V)],
  backward: ({ dims: { R, V } }) => [overRows('softmax_backward', ['y', 'dy', 'dx', V, 0, 1], R, 8 * V)],
};

export const cases: readonly OpCase[] = [
  { dims: { R: 1, V: 1 } },
  { dims: { R: 3, V: 2 } },
  { dims: { R: 67, V: 131 } },
  // exp overflows unless the largest is subtracted first.
  { dims: { R: 9, V: 40 }, fill: { x: { scale: 80, shift: 100 } } },
  { dims: { R: 5, V: 1465 } },
  { dims: { R: 1120, V: 1465 }, thorough: true },
  // On a software adapter one invocation adds up a row: 7,500 terms to each of four sums, whose
  // error is about 1e-5.
  { dims: { R: 33, V: 30000 }, fill: { x: { scale: 5 } }, tolerance: 2e-5, thorough: true },
];
