import index from '../../../shaders/lib/index.wgsl?raw';
import reduction from '../../../shaders/lib/workgroup_reduction.wgsl?raw';
import options from '../../../shaders/softmax_cross_entropy/options.wgsl?raw';
import rowPerInvocationSource from '../../../shaders/softmax_cross_entropy/row_per_invocation.wgsl?raw';
import rowPerWorkgroupSource from '../../../shaders/softmax_cross_entropy/row_per_workgroup.wgsl?raw';
import { OptionError } from '../../core/errors.js';
import type { Kernel } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { Planner } from '../../plan/planner.js';
import { rowLaunch, type RowKernels } from '../lib/row-layout.js';
import { overRows } from '../lib/native-calls.js';

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
    // subtracted first.
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
    // On a software adapter one invocation adds up a row: 7,500 terms to each of four sums, whose
    // error is about 1e-5.
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

export * as reference from './reference.js';

export const plan: Planners = { forward: planForward };

export const native: NativePlanners = {
  forward: ({ dims: { R, V }, attributes }) => [
    overRows(
      'softmax_cross_entropy',
      [
        ...['logits', 'targets', 'loss', V, Number(attributes.scale), 'count', 'class_weights'],
        ...[Number(attributes.labelSmoothing), attributes.gradient === true],
      ],
      R,
      16 * V,
    ),
  ],
};

export const cases: readonly OpCase[] = [...withoutOptions, ...withOptions];
