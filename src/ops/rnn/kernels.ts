import activations from '../../../shaders/lib/activations.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import backwardInitialSource from '../../../shaders/rnn/backward_initial.wgsl?raw';
import backwardSource from '../../../shaders/rnn/backward.wgsl?raw';
import forwardSource from '../../../shaders/rnn/forward.wgsl?raw';
import initial from '../../../shaders/recurrent/initial.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import { stepKernel, windowBindings, windowSources } from '../recurrent/kernels.js';

const read = { access: 'read', type: 'f32' } as const;
const write = { access: 'read_write', type: 'f32' } as const;

export const forwardSources = [activations, forwardSource] as const;
export const backwardSources = [backwardSource] as const;

export const forward = stepKernel(
  'rnn/forward',
  1,
  { projected: read, weight_hh: read, bias_hh: read, h: write, masked: write, y: write },
  forwardSources,
);

export const backward = stepKernel(
  'rnn/backward',
  1,
  { weight_hh: read, h: read, dy: read, dhn: read, da: write, dh: write },
  backwardSources,
);

export const backwardInitial: Kernel = {
  name: 'rnn/backward_initial',
  sources: [index, ...windowSources, backwardInitialSource, initial],
  bindings: { weight_hh: read, da: read, keep: read, dh0: write, dh0_learned: write, ...windowBindings },
};
