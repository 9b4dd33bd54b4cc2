import { defineOp, inout, input } from '../../plan/op.js';

/**
 * Adds up the gradients of a tensor that several ops read. It only occurs in backward and has no
 * gradient of its own.
 */
export const addInto = defineOp({
  name: 'add_into',
  about: 'Adds one tensor into another: sum += x.',
  tensors: { x: input(['E'], { differentiable: false }), sum: inout(['E']) },
  attributes: {},
  load: () => import('./implementation.js'),
});
