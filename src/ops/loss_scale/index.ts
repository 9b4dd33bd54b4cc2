import { defineOp, inout, input } from '../../plan/op.js';

/**
 * The factor by which mixed precision multiplies the gradient of the loss, so that small gradients do
 * not vanish in half precision: dynamic loss scaling of Micikevicius et al., "Mixed Precision
 * Training", 2018. It is halved after a step that was skipped, since a gradient was not finite, and
 * doubled after `growEvery` steps in a row that were not. It stays within 1 and 2²⁴.
 */
export const lossScale = defineOp({
  name: 'loss_scale',
  about: 'Adapts the factor of the loss in mixed precision after a step.',
  tensors: {
    report: input(['4'], { differentiable: false, about: 'from step_summary' }),
    state: inout(['2'], { differentiable: false, about: 'factor, steps since it was changed' }),
  },
  attributes: { growEvery: 2000 },
  load: () => import('./implementation.js'),
});
