import { inout, input, type TensorContract } from '../../plan/op.js';

/**
 * The tensors that every optimizer's update has; an optimizer adds its state, each `[E]`. `E` covers
 * the whole arena with its padding, whose elements are zero and stay zero.
 */
export const updateTensors: Readonly<Record<string, TensorContract>> = {
  parameters: inout(['E']),
  gradients: input(['E'], { differentiable: false }),
  report: input(['4'], {
    differentiable: false,
    about: 'from step_summary: loss, norm, usable, clip factor. Where usable is 0, nothing changes.',
  }),
  hyper: input(['4'], { differentiable: false, about: "this step's numbers; the learning rate is first" }),
};
