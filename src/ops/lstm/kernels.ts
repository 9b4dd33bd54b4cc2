import activations from '../../../shaders/lib/activations.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import backwardInitialSource from '../../../shaders/lstm/backward_initial.wgsl?raw';
import backwardSource from '../../../shaders/lstm/backward.wgsl?raw';
import forwardSource from '../../../shaders/lstm/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import { stepKernel, windowBindings, windowSources } from '../recurrent/kernels.js';

const read = { access: 'read', type: 'f32' } as const;
const write = { access: 'read_write', type: 'f32' } as const;

export const forwardSources = [activations, forwardSource] as const;
export const backwardSources = [activations, backwardSource] as const;

export const forward = stepKernel(
  'lstm/forward',
  4,
  { projected: read, weight_hh: read, bias_hh: read, states: write, masked: write, gates: write, y: write },
  forwardSources,
);

export const backward = stepKernel(
  'lstm/backward',
  1,
  { weight_hh: read, states: read, gates: read, dy: read, da: write, carry: write, dh: write },
  backwardSources,
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
