import backwardSource from '../../../shaders/relu/backward.wgsl?raw';
import forwardSource from '../../../shaders/relu/forward.wgsl?raw';
import { defineOp, input, output } from '../../plan/op.js';
import { planElementwise, valueKernel } from '../lib/elementwise.js';
import * as native from './native.js';
import * as reference from './reference.js';

const forward = valueKernel('relu/forward', [forwardSource], { x: 'read', y: 'read_write' });

const backward = valueKernel('relu/backward', [backwardSource], {
  y: 'read',
  dy: 'read',
  dx: 'read_write',
});

export const relu = defineOp({
  name: 'relu',
  about: 'Rectifier of every element: y = max(x, 0); its slope at 0 is taken as 0.',
  tensors: { x: input(['E']), y: output(['E']) },
  attributes: {},
  accumulates: ['dx'],
  reference,
  plan: { forward: planElementwise(forward), backward: planElementwise(backward) },
  native,
  cases: [
    { dims: { E: 1 } },
    { dims: { E: 67 } },
    { dims: { E: 4096 }, fill: { x: { scale: 3 } } },
    { dims: { E: 65536 * 64 + 1 }, thorough: true },
  ],
});
