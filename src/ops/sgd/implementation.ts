import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import source from '../../../shaders/sgd/update.wgsl?raw';
import { unusable, updateFill, updateKernel, updatePlanner } from '../lib/optimizer-kernel.js';
import { nativeUpdate } from '../lib/native-calls.js';

const kernel = updateKernel('sgd/update', source, ['velocity']);

export * as reference from './reference.js';

export const plan: Planners = {
  forward: updatePlanner(kernel, ({ momentum, nesterov, weightDecay }) => ({
    MOMENTUM: Number(momentum),
    NESTEROV: Boolean(nesterov),
    WEIGHT_DECAY: Number(weightDecay),
  })),
};

export const native: NativePlanners = {
  forward: nativeUpdate('sgd_update', ['velocity'], (attributes) => [
    Number(attributes.momentum),
    attributes.nesterov === true,
    Number(attributes.weightDecay),
    Number(attributes.clipValue),
  ]),
};

export const cases: readonly OpCase[] = [
  { dims: { E: 64 }, without: ['velocity'], fill: updateFill },
  {
    dims: { E: 704 },
    without: ['velocity'],
    attributes: { weightDecay: 0.1, clipValue: 0.25 },
    fill: updateFill,
  },
  { dims: { E: 4160 }, attributes: { momentum: 0.9 }, fill: updateFill },
  {
    dims: { E: 704 },
    attributes: { momentum: 0.9, nesterov: true, weightDecay: 1, clipValue: 1 },
    fill: updateFill,
  },
  {
    dims: { E: 704 },
    attributes: { momentum: 0.9 },
    fill: { ...updateFill, report: unusable, gradients: { values: [NaN, 1, Infinity] } },
  },
  { dims: { E: 65536 * 256 + 64 }, without: ['velocity'], fill: updateFill, thorough: true },
];
