import activations from '../../../shaders/lib/activations.wgsl?raw';
import backwardSource from '../../../shaders/tanh/backward.wgsl?raw';
import forwardSource from '../../../shaders/tanh/forward.wgsl?raw';
import { valueKernel } from '../elementwise.js';

export const forward = valueKernel('tanh/forward', [activations, forwardSource], {
  x: 'read',
  y: 'read_write',
});

export const backward = valueKernel('tanh/backward', [backwardSource], {
  y: 'read',
  dy: 'read',
  dx: 'read_write',
});
