import index from '../../../shaders/lib/index.wgsl?raw';
import source from '../../../shaders/add_into/forward.wgsl?raw';
import type { Kernel } from '../../plan/kernel.js';
import { defineOp, inout, input } from '../../plan/op.js';
import { lineLaunch } from '../lib/elementwise.js';
import * as native from './native.js';
import * as reference from './reference.js';

const kernel: Kernel = {
  name: 'add_into/forward',
  sources: [index, source],
  bindings: { x: { access: 'read', type: 'f32' }, sum: { access: 'read_write', type: 'f32' } },
};

/**
 * Gradients of several readers come together by this op; it is part of backward and has no gradient
 * of its own.
 */
export const addInto = defineOp({
  name: 'add_into',
  about: 'Adds one tensor into another: sum += x.',
  tensors: { x: input(['E'], { differentiable: false }), sum: inout(['E']) },
  attributes: {},
  reference,
  plan: { forward: ({ dims: { E } }) => [lineLaunch(kernel, E, { E })] },
  native,
  cases: [{ dims: { E: 1 } }, { dims: { E: 1001 } }],
});
