import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import index from '../../../shaders/lib/index.wgsl?raw';
import source from '../../../shaders/force_ids/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import { lineLaunch } from '../lib/elementwise.js';
import { NO_FORCED_ID } from '../../core/generation-constants.js';
import { overElements } from '../lib/native-calls.js';

const kernel: Kernel = {
  name: 'force_ids/forward',
  sources: [index, source],
  bindings: {
    forced: { access: 'read', type: 'u32' },
    id: { access: 'read_write', type: 'u32' },
    chosen: { access: 'read_write', type: 'u32' },
  },
};

export * as reference from './reference.js';

export const plan: Planners = {
  forward: ({ dims: { R } }) => [lineLaunch(kernel, R, { R, NONE: NO_FORCED_ID })],
};

export const native: NativePlanners = {
  forward: ({ dims: { R } }) => [overElements('force_ids', ['forced', 'id', 'chosen'], R)],
};

export const cases: readonly OpCase[] = [
  { dims: { R: 1 }, fill: { forced: { values: [NO_FORCED_ID] }, id: { values: [7] } } },
  { dims: { R: 67 }, fill: { forced: { values: [NO_FORCED_ID, 3, NO_FORCED_ID, 0] }, id: { below: 50 } } },
];
