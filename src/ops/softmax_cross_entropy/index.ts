import index from '../../../shaders/lib/index.wgsl?raw';
import reduction from '../../../shaders/lib/workgroup_reduction.wgsl?raw';
import options from '../../../shaders/softmax_cross_entropy/options.wgsl?raw';
import rowPerInvocationSource from '../../../shaders/softmax_cross_entropy/row_per_invocation.wgsl?raw';
import rowPerWorkgroupSource from '../../../shaders/softmax_cross_entropy/row_per_workgroup.wgsl?raw';
import { OptionError } from '../../core/errors.js';
import type { Kernel } from '../../plan/kernel.js';
import { defineOp, inout, input, output, type OpCase, type Planner } from '../../plan/op.js';
import { rowLaunch, type RowKernels } from '../lib/rows.js';
import * as native from './native.js';
import * as reference from './reference.js';

const bindings: Kernel['bindings'] = {
  logits: { access: 'read_write', type: 'f32' },
  targets: { access: 'read', type: 'u32' },
  loss: { access: 'read_write', type: 'f32' },
  count: { access: 'read', type: 'f32' },
  class_weights: { access: 'read', type: 'f32' },
};

const kernels: RowKernels = {
  rowPerInvocation: {
    name: 'softmax_cross_entropy/row_per_invocation',
    sources: [index, options, rowPerInvocationSource],
    bindings,
  },
  rowPerWorkgroup: {
    name: 'softmax_cross_entropy/row_per_workgroup',
    sources: [reduction, options, rowPerWorkgroupSource],
    bindings,
  },
};

const planForward: Planner = ({ dims: { R, V }, attributes, target, has }) => {
  const smoothing = Number(attributes.labelSmoothing);
  if (!(smoothing >= 0 && smoothing < 1))
    throw new OptionError('softmax_cross_entropy.labelSmoothing', smoothing, 'a number from 0 to below 1');
  return [
    rowLaunch(kernels, R, target, {
      R,
      V,
      SCALE: Number(attributes.scale),
      GRADIENT: attributes.gradient === true,
      LABEL_SMOOTHING: smoothing,
      WEIGHTED: smoothing > 0 || has('class_weights'),
    }),
  ];
};

const withoutOptions = (
  [
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
  ] satisfies readonly OpCase[]
).map((opCase): OpCase => ({ ...opCase, without: ['count', 'class_weights'] }));

const targets = { below: 8 };
const withOptions: readonly OpCase[] = [
  {
    dims: { R: 5, V: 7 },
    without: ['class_weights'],
    attributes: { scale: 0.5 },
    fill: { targets, count: { values: [8] } },
  },
  {
    dims: { R: 6, V: 7 },
    without: ['count', 'class_weights'],
    attributes: { labelSmoothing: 0.1 },
    fill: { logits: { scale: 5 }, targets },
  },
  { dims: { R: 6, V: 7 }, without: ['count'], fill: { targets, class_weights: { values: [0.5, 0, 2, 1] } } },
  {
    dims: { R: 9, V: 131 },
    attributes: { labelSmoothing: 0.2, scale: 0.5 },
    fill: {
      logits: { scale: 20 },
      targets: { below: 140 },
      count: { values: [4] },
      class_weights: { values: [0.5, 3, 2, 1] },
    },
  },
];

export const softmaxCrossEntropy = defineOp({
  name: 'softmax_cross_entropy',
  about:
    'Loss of each row: loss = log Σ exp(logits) − logits[target]. With `gradient`, logits are ' +
    'overwritten by the gradient of scale/count · Σ loss; loss itself is not scaled. A target from V on ' +
    'leaves the row out: loss 0, gradient 0. Label smoothing e and class weights w as in ' +
    'PyTorch: loss = (1 − e)·w[target]·(lse − logits[target]) + e/V·Σ_v w[v]·(lse − logits[v]), with ' +
    'lse = log Σ exp(logits).',
  tensors: {
    logits: inout(['R', 'V'], { differentiable: true }),
    targets: input(['R'], { dtype: 'u32' }),
    count: input(['1'], {
      optional: true,
      differentiable: false,
      about: 'what the gradient of a mean is divided by; 1 where left out',
    }),
    class_weights: input(['V'], { optional: true, differentiable: false }),
    loss: output(['R']),
  },
  attributes: {
    scale: 1,
    gradient: true,
    /** Share of each target that is spread over all classes, from 0 to below 1. */
    labelSmoothing: 0,
  },
  gradientInPlace: { logits: 'logits' },
  reference,
  plan: { forward: planForward },
  native,
  cases: [...withoutOptions, ...withOptions],
});
