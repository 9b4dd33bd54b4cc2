import forwardSource from '../../../shaders/add_row/forward.wgsl?raw';
import passOnSource from '../../../shaders/add_row/pass_on.wgsl?raw';
import { valueKernel } from '../elementwise.js';

export const forward = valueKernel('add_row/forward', [forwardSource], {
  x: 'read',
  b: 'read',
  y: 'read_write',
});

/** dx; db is a sum over rows. */
export const passOn = valueKernel('add_row/pass_on', [passOnSource], { dy: 'read', dx: 'read_write' });
