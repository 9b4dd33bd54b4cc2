import index from '../../../shaders/lib/index.wgsl?raw';
import source from '../../../shaders/force_ids/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import { defineOp, inout, input, output } from '../../plan/op.js';
import { lineLaunch } from '../lib/elementwise.js';
import { NONE } from './reference.js';
import * as reference from './reference.js';

const kernel: Kernel = {
  name: 'force_ids/forward',
  sources: [index, source],
  bindings: {
    forced: { access: 'read', type: 'u32' },
    id: { access: 'read_write', type: 'u32' },
    chosen: { access: 'read_write', type: 'u32' },
  },
};

export const forceIds = defineOp({
  name: 'force_ids',
  about:
    'Replaces the ids of rows that must go on with a given one, such as that of a prefix: id = forced, ' +
    'unless forced is 2³²−1.',
  tensors: {
    forced: input(['R'], { dtype: 'u32', about: 'id for each row, or 2³²−1 to leave its own' }),
    id: inout(['R'], { dtype: 'u32', about: 'what the next step reads' }),
    chosen: output(['R'], { dtype: 'u32', about: 'the same, for the report' }),
  },
  attributes: {},
  reference: { forward: reference.forward },
  plan: { forward: ({ dims: { R } }) => [lineLaunch(kernel, R, { R })] },
  cases: [
    { dims: { R: 1 }, fill: { forced: { values: [NONE] }, id: { values: [7] } } },
    { dims: { R: 67 }, fill: { forced: { values: [NONE, 3, NONE, 0] }, id: { below: 50 } } },
  ],
});
