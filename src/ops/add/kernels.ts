import backwardSource from '../../../shaders/add/backward.wgsl?raw';
import forwardSource from '../../../shaders/add/forward.wgsl?raw';
import { valueKernel } from '../elementwise.js';

export const forward = valueKernel('add/forward', [forwardSource], { a: 'read', b: 'read', y: 'read_write' });

export const backward = valueKernel('add/backward', [backwardSource], {
  dy: 'read',
  da: 'read_write',
  db: 'read_write',
});
