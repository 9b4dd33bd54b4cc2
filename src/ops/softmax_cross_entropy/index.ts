import index from '../../../shaders/lib/index.wgsl?raw';
import reduction from '../../../shaders/lib/workgroup_reduction.wgsl?raw';
import rowPerInvocationSource from '../../../shaders/softmax_cross_entropy/row_per_invocation.wgsl?raw';
import rowPerWorkgroupSource from '../../../shaders/softmax_cross_entropy/row_per_workgroup.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import { defineOp, inout, input, output } from '../../plan/op.js';
import { rowLaunch, type RowKernels } from '../lib/rows.js';
import * as native from './native.js';
import * as reference from './reference.js';

const bindings: Kernel['bindings'] = {
  logits: { access: 'read_write', type: 'f32' },
  targets: { access: 'read', type: 'u32' },
  loss: { access: 'read_write', type: 'f32' },
};

const kernels: RowKernels = {
  rowPerInvocation: {
    name: 'softmax_cross_entropy/row_per_invocation',
    sources: [index, rowPerInvocationSource],
    bindings,
  },
  rowPerWorkgroup: {
    name: 'softmax_cross_entropy/row_per_workgroup',
    sources: [reduction, rowPerWorkgroupSource],
    bindings,
  },
};

export const softmaxCrossEntropy = defineOp({
  name: 'softmax_cross_entropy',
  about:
    'Loss of each row: loss = log Σ exp(logits) − logits[target]. With `gradient`, logits are ' +
    'overwritten by their gradient (softmax − onehot)·scale; loss itself is not scaled. A target from ' +
    'V on leaves the row out: loss 0, gradient 0.',
  tensors: {
    logits: inout(['R', 'V'], { differentiable: true }),
    targets: input(['R'], { dtype: 'u32' }),
    loss: output(['R']),
  },
  attributes: { scale: 1, gradient: true },
  gradientInPlace: { logits: 'logits' },
  reference,
  plan: {
    forward: ({ dims: { R, V }, attributes, target }) => [
      rowLaunch(kernels, R, target, {
        R,
        V,
        SCALE: Number(attributes.scale),
        GRADIENT: attributes.gradient === true,
      }),
    ],
  },
  native,
  cases: [
    { dims: { R: 1, V: 1 } },
    { dims: { R: 3, V: 2 }, fill: { targets: { values: [1, 0, 2] } }, attributes: { scale: 0.25 } },
    { dims: { R: 25, V: 65 }, fill: { targets: { below: 65 } } },
    { dims: { R: 25, V: 65 }, fill: { targets: { below: 65 } }, attributes: { gradient: false } },
    // Some targets leave their row out. Logits of ±80 and more: exp overflows unless the largest is
    // subtracted.
    {
      dims: { R: 67, V: 131 },
      fill: { logits: { scale: 80 }, targets: { below: 150 } },
      attributes: { scale: 1 / 67 },
    },
    { dims: { R: 9, V: 40 }, fill: { logits: { scale: 2, shift: -200 }, targets: { below: 40 } } },
    { dims: { R: 5, V: 1465 }, fill: { targets: { below: 1465 } } },
    {
      dims: { R: 1120, V: 1465 },
      fill: { targets: { below: 1465 } },
      attributes: { scale: 1 / 1120 },
      thorough: true,
    },
    // Software adapters add up a row with one invocation: 7,500 terms to each of four sums, which
    // leaves about 1e-5.
    {
      dims: { R: 33, V: 30000 },
      fill: { logits: { scale: 5 }, targets: { below: 30000 } },
      tolerance: 2e-5,
      thorough: true,
    },
  ],
});
