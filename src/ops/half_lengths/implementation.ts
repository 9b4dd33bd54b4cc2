import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import index from '../../../shaders/lib/index.wgsl?raw';
import source from '../../../shaders/half_lengths/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import { lineLaunch } from '../lib/elementwise.js';
import { overRows } from '../lib/native-calls.js';

const kernel: Kernel = {
  name: 'half_lengths/forward',
  sources: [index, source],
  bindings: { x: { access: 'read', type: 'u32' }, y: { access: 'read_write', type: 'u32' } },
};

export * as reference from './reference.js';

export const plan: Planners = {
  forward: ({ dims: { N } }) => [lineLaunch(kernel, N, { N })],
};

export const native: NativePlanners = {
  forward: ({ dims: { N } }) => [overRows('half_lengths', ['x', 'y'], N, 1)],
};

export const cases: readonly OpCase[] = [
  { dims: { N: 1 }, fill: { x: { values: [1] } } },
  { dims: { N: 70 }, fill: { x: { values: [1, 2, 3, 4, 500] } } },
];
