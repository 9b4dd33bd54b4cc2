import activations from '../../../shaders/lib/activations.wgsl?raw';
import backwardSource from '../../../shaders/sigmoid/backward.wgsl?raw';
import forwardSource from '../../../shaders/sigmoid/forward.wgsl?raw';
import { valueKernel } from '../elementwise.js';

export const forward = valueKernel('sigmoid/forward', [activations, forwardSource], {
  x: 'read',
  y: 'read_write',
});

export const backward = valueKernel('sigmoid/backward', [backwardSource], {
  y: 'read',
  dy: 'read',
  dx: 'read_write',
});
