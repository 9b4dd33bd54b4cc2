import activations from '../../../shaders/lib/activations.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import backwardBeginSource from '../../../shaders/lstm/backward_begin.wgsl?raw';
import backwardInitialSource from '../../../shaders/lstm/backward_initial.wgsl?raw';
import backwardSource from '../../../shaders/lstm/backward.wgsl?raw';
import forwardSource from '../../../shaders/lstm/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import type { DiagonalCell } from '../recurrent/diagonal-kernels.js';
import { stepKernel, windowBindings, windowSources } from '../recurrent/kernels.js';

const read = { access: 'read', type: 'f32' } as const;
const write = { access: 'read_write', type: 'f32' } as const;

export const forward = stepKernel(
  'lstm/forward',
  4,
  { projected: read, weight_hh: read, bias_hh: read, states: write, masked: write, gates: write, y: write },
  [activations, forwardSource],
);

export const backwardBegin: Kernel = {
  name: 'lstm/backward_begin',
  sources: [index, ...windowSources, backwardBeginSource],
  bindings: { dhn: read, dcn: read, da: write, ...windowBindings },
};

/** Several layers in one launch. */
export const diagonal: DiagonalCell = {
  name: 'lstm/forward',
  products: 4,
  states: 'states',
  others: ['gates'],
  sources: [activations, forwardSource],
};

export const backward = stepKernel(
  'lstm/backward',
  1,
  { weight_hh: read, states: read, gates: read, dy: read, da: write, carry: write, dh: write },
  [activations, backwardSource],
);

export const backwardInitial: Kernel = {
  name: 'lstm/backward_initial',
  sources: [index, ...windowSources, backwardInitialSource],
  bindings: {
    weight_hh: read,
    da: read,
    carry: read,
    keep: read,
    dh0: write,
    dc0: write,
    dh0_learned: write,
    dc0_learned: write,
    ...windowBindings,
  },
};
