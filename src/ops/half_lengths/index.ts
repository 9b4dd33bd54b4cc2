import index from '../../../shaders/lib/index.wgsl?raw';
import source from '../../../shaders/half_lengths/forward.wgsl?raw';
import { lineGrid, type Kernel } from '../../plan/kernel.js';
import { defineOp, input, output } from '../../plan/op.js';
import { WORKGROUP } from '../elementwise.js';
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
  plan: {
    forward: ({ dims: { N } }) => {
      const grid = lineGrid(N, WORKGROUP);
      return [{ kernel, constants: { N, WORKGROUP, GRID_X: grid[0] }, tensors: { x: 'x', y: 'y' }, grid }];
    },
  },
  cases: [
    { dims: { N: 1 }, fill: { x: { values: [1] } } },
    { dims: { N: 70 }, fill: { x: { values: [1, 2, 3, 4, 500] } } },
  ],
});
