import backwardSource from '../../../shaders/multiply/backward.wgsl?raw';
import forwardSource from '../../../shaders/multiply/forward.wgsl?raw';
import { valueKernel } from '../elementwise.js';

export const forward = valueKernel('multiply/forward', [forwardSource], {
  a: 'read',
  b: 'read',
  y: 'read_write',
});

export const backward = valueKernel('multiply/backward', [backwardSource], {
  a: 'read',
  b: 'read',
  dy: 'read',
  da: 'read_write',
  db: 'read_write',
});
