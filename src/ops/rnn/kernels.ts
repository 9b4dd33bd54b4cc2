import activations from '../../../shaders/lib/activations.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import backwardInitialSource from '../../../shaders/rnn/backward_initial.wgsl?raw';
import backwardSource from '../../../shaders/rnn/backward.wgsl?raw';
import forwardSource from '../../../shaders/rnn/forward.wgsl?raw';
import initial from '../../../shaders/recurrent/initial.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import type { DiagonalCell } from '../recurrent/diagonal-kernels.js';
import { stepKernel, windowBindings, windowSources } from '../recurrent/kernels.js';

const read = { access: 'read', type: 'f32' } as const;
const write = { access: 'read_write', type: 'f32' } as const;

export const forward = stepKernel(
  'rnn/forward',
  1,
  { projected: read, weight_hh: read, bias_hh: read, h: write, masked: write, y: write },
  [activations, forwardSource],
);

/** Several layers in one launch. */
export const diagonal: DiagonalCell = {
  name: 'rnn/forward',
  products: 1,
  states: 'h',
  others: [],
  sources: [activations, forwardSource],
};

export const backward = stepKernel(
  'rnn/backward',
  1,
  { weight_hh: read, h: read, dy: read, dhn: read, da: write, dh: write },
  [backwardSource],
);

export const backwardInitial: Kernel = {
  name: 'rnn/backward_initial',
  sources: [index, ...windowSources, backwardInitialSource, initial],
  bindings: { weight_hh: read, da: read, keep: read, dh0: write, dh0_learned: write, ...windowBindings },
};
