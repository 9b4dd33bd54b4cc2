import activations from '../../../shaders/lib/activations.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import backwardSource from '../../../shaders/tanh/backward.wgsl?raw';
import forwardSource from '../../../shaders/tanh/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';

export const forward: Kernel = {
  name: 'tanh/forward',
  sources: [index, activations, forwardSource],
  bindings: { x: { access: 'read', type: 'f32' }, y: { access: 'read_write', type: 'f32' } },
};

export const backward: Kernel = {
  name: 'tanh/backward',
  sources: [index, backwardSource],
  bindings: { y: { access: 'read', type: 'f32' }, dy: { access: 'read', type: 'f32' }, dx: { access: 'read_write', type: 'f32' } },
};
