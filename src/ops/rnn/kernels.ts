import activations from '../../../shaders/lib/activations.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import backwardSource from '../../../shaders/rnn/backward.wgsl?raw';
import backwardInitialSource from '../../../shaders/rnn/backward_initial.wgsl?raw';
import beginSource from '../../../shaders/rnn/begin.wgsl?raw';
import forwardSource from '../../../shaders/rnn/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';

const read = { access: 'read', type: 'f32' } as const;
const write = { access: 'read_write', type: 'f32' } as const;

export const begin: Kernel = {
  name: 'rnn/begin',
  sources: [index, beginSource],
  bindings: { h0: read, keep: read, h: write },
};

export const forward: Kernel = {
  name: 'rnn/forward',
  sources: [index, activations, forwardSource],
  bindings: { projected: read, weight_hh: read, bias_hh: read, h: write, y: write, hn: write },
  uniforms: ['t'],
};

export const backward: Kernel = {
  name: 'rnn/backward',
  sources: [index, backwardSource],
  bindings: { weight_hh: read, h: read, dy: read, dhn: read, da: write },
  uniforms: ['t'],
};

export const backwardInitial: Kernel = {
  name: 'rnn/backward_initial',
  sources: [index, backwardInitialSource],
  bindings: { weight_hh: read, da: read, keep: read, dh0: write },
};
