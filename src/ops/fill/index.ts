import source from '../../../shaders/fill/forward.wgsl?raw';
import { defineOp, output } from '../../plan/op.js';
import { planElementwise, valueKernel } from '../lib/elementwise.js';
import * as reference from './reference.js';

const kernel = valueKernel('fill/forward', [source], { y: 'read_write' });

export const fill = defineOp({
  name: 'fill',
  about:
    'Sets every element to the same number, such as 0 for an initial state: y = value. It reads ' +
    'nothing, so the call must give E, or the tensor y.',
  tensors: { y: output(['E'], { differentiable: false }) },
  attributes: { value: 0 },
  reference,
  plan: {
    forward: (request) =>
      planElementwise(kernel)(request).map((launch) => ({
        ...launch,
        constants: { ...launch.constants, FILL: Number(request.attributes.value) },
      })),
  },
  cases: [{ dims: { E: 1 } }, { dims: { E: 67 }, attributes: { value: -1.5 } }, { dims: { E: 516 } }],
});
