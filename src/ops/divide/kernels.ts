import backwardSource from '../../../shaders/divide/backward.wgsl?raw';
import forwardSource from '../../../shaders/divide/forward.wgsl?raw';
import { valueKernel } from '../elementwise.js';

export const forward = valueKernel('divide/forward', [forwardSource], {
  a: 'read',
  b: 'read',
  y: 'read_write',
});

export const backward = valueKernel('divide/backward', [backwardSource], {
  y: 'read',
  b: 'read',
  dy: 'read',
  da: 'read_write',
  db: 'read_write',
});
