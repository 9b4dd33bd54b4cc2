import index from '../../../shaders/lib/index.wgsl?raw';
import source from '../../../shaders/half_lengths/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import { defineOp, input, output } from '../../plan/op.js';
import { lineLaunch } from '../lib/elementwise.js';
import * as native from './native.js';
import * as reference from './reference.js';

const kernel: Kernel = {
  name: 'half_lengths/forward',
  sources: [index, source],
  bindings: { x: { access: 'read', type: 'u32' }, y: { access: 'read_write', type: 'u32' } },
};

export const halfLengths = defineOp({
  name: 'half_lengths',
  about: 'Lengths of sequences whose steps have been joined two by two: y = ⌈x/2⌉.',
  tensors: { x: input(['N'], { dtype: 'u32' }), y: output(['N'], { dtype: 'u32' }) },
  attributes: {},
  reference,
  plan: { forward: ({ dims: { N } }) => [lineLaunch(kernel, N, { N })] },
  native,
  cases: [
    { dims: { N: 1 }, fill: { x: { values: [1] } } },
    { dims: { N: 70 }, fill: { x: { values: [1, 2, 3, 4, 500] } } },
  ],
});
