import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import index from '../../../shaders/lib/index.wgsl?raw';
import source from '../../../shaders/add_into/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import { lineLaunch } from '../lib/elementwise.js';
import { elementwise } from '../lib/native-calls.js';

const kernel: Kernel = {
  name: 'add_into/forward',
  sources: [index, source],
  bindings: { x: { access: 'read', type: 'f32' }, sum: { access: 'read_write', type: 'f32' } },
};

export * as reference from './reference.js';

export const plan: Planners = {
  forward: ({ dims: { E } }) => [lineLaunch(kernel, E, { E })],
};

export const native: NativePlanners = {
  forward: ({ dims: { E } }) => [elementwise('add', 'sum', 'x', 'sum', E)],
};

export const cases: readonly OpCase[] = [{ dims: { E: 1 } }, { dims: { E: 1001 } }];
