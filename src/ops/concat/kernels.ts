import backwardSource from '../../../shaders/concat/backward.wgsl?raw';
import forwardSource from '../../../shaders/concat/forward.wgsl?raw';
import { valueKernel } from '../elementwise.js';

export const forward = valueKernel('concat/forward', [forwardSource], {
  a: 'read',
  b: 'read',
  y: 'read_write',
});

export const backward = valueKernel('concat/backward', [backwardSource], {
  dy: 'read',
  da: 'read_write',
  db: 'read_write',
});
