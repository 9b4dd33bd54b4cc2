import { defineOp, inout, input } from '../../plan/op.js';

/**
 * Gradients of several readers come together by this op; it is part of backward and has no gradient
 * of its own.
 */
export const addInto = defineOp({
  name: 'add_into',
  about: 'Adds one tensor into another: sum += x.',
  tensors: { x: input(['E'], { differentiable: false }), sum: inout(['E']) },
  attributes: {},
  load: () => import('./implementation.js'),
});
