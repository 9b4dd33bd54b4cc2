import backwardSource from '../../../shaders/relu/backward.wgsl?raw';
import forwardSource from '../../../shaders/relu/forward.wgsl?raw';
import { valueKernel } from '../elementwise.js';

export const forward = valueKernel('relu/forward', [forwardSource], { x: 'read', y: 'read_write' });

export const backward = valueKernel('relu/backward', [backwardSource], {
  y: 'read',
  dy: 'read',
  dx: 'read_write',
});
