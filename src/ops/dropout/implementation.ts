import index from '../../../shaders/lib/index.wgsl?raw';
import mask from '../../../shaders/lib/dropout.wgsl?raw';
import random from '../../../shaders/lib/random.wgsl?raw';
import source from '../../../shaders/dropout/forward.wgsl?raw';
import { dropoutStream, dropThreshold } from '../../core/dropout.js';
import { numberWithin, wholeNumber } from '../../core/options.js';
import type { Kernel, Launch } from '../../plan/kernel.js';
import type { Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { lineLaunch } from '../lib/elementwise.js';

const kernel: Kernel = {
  name: 'dropout/forward',
  sources: [index, random, mask, source],
  bindings: {
    x: { access: 'read', type: 'f32' },
    key: { access: 'read', type: 'u32' },
    y: { access: 'read_write', type: 'f32' },
  },
  // The stream of random bits is a uniform of the launch and no constant, so that all dropout layers
  // of a network share a pipeline.
  uniforms: ['stream'],
};

/**
 * One invocation for every four elements, which share a block of random words. Backward runs the
 * same kernel on the gradients and computes the mask again.
 */
function launch({ dims: { E }, attributes, accumulate }: PlanRequest, x: string, y: string): Launch[] {
  const rate = numberWithin('dropout.rate', attributes.rate, 0, 1, true);
  const site = wholeNumber('dropout.site', attributes.site, 0);
  const FOURS = Math.ceil(E / 4);
  const constants = {
    E,
    FOURS,
    THRESHOLD: dropThreshold(rate),
    SCALE: 1 / (1 - rate),
    ADD_Y: accumulate.length > 0,
  };
  return [
    {
      ...lineLaunch(kernel, FOURS, constants),
      tensors: { x, y },
      uniforms: { stream: dropoutStream({ site, recurrent: attributes.recurrent === true }) },
    },
  ];
}

const fill = { key: { values: [7, 3] } };

export * as native from './native.js';
export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => launch(request, 'x', 'y'),
  backward: (request) => launch(request, 'dy', 'dx'),
};

export const cases: readonly OpCase[] = [
  { dims: { E: 1 }, fill },
  { dims: { E: 67 }, attributes: { rate: 0.2, site: 5 }, fill },
  { dims: { E: 516 }, attributes: { rate: 0.9, recurrent: true }, fill },
  { dims: { E: 8 }, attributes: { rate: 0 }, fill },
  { dims: { E: 65536 * 64 + 1 }, fill, thorough: true },
];
