import { inout, input, type TensorContract } from '../../plan/op.js';

/**
 * Tensors that every update of parameters has; an optimizer adds its state, each `[E]`. Elements of
 * padding are zero and stay zero.
 */
export const updateTensors: Readonly<Record<string, TensorContract>> = {
  parameters: inout(['E']),
  gradients: input(['E'], { differentiable: false }),
  report: input(['4'], {
    differentiable: false,
    about: 'from step_summary: loss, norm, usable, clip factor. Where usable is 0 nothing is touched.',
  }),
  hyper: input(['4'], { differentiable: false, about: 'numbers of this step, the rate first' }),
};
