import { defineOp, inout, input, output, type Op } from '../../plan/op.js';
import type { Attributes } from '../../plan/planner.js';

/**
 * With `gradient`, predictions are overwritten by the gradient of scale/count · Σ loss; loss itself is
 * not scaled. Rows that are left out have loss 0 and gradient 0.
 * @param name of the op and of its implementation
 */
function rowLoss(
  name: 'squared_error' | 'absolute_error' | 'huber_error' | 'sigmoid_cross_entropy',
  formula: string,
  attributes: Attributes = {},
): Op {
  return defineOp({
    name,
    about: `${formula} Each row's loss is summed over C.`,
    tensors: {
      predictions: inout(['T', 'N', 'C'], { differentiable: true }),
      targets: input(['T', 'N', 'C'], { differentiable: false }),
      lengths: input(['N'], {
        dtype: 'u32',
        optional: true,
        about: 'steps of each batch row; later ones are left out',
      }),
      ids: input(['T', 'N'], {
        dtype: 'u32',
        optional: true,
        about: 'rows whose id is `symbols` or more are left out',
      }),
      count: input(['1'], {
        optional: true,
        differentiable: false,
        about: 'what the gradient of a mean is divided by; 1 where left out',
      }),
      loss: output(['T', 'N']),
    },
    attributes: { scale: 1, gradient: true, symbols: 0, ...attributes },
    gradientInPlace: { predictions: 'predictions' },
    load: async () => (await import('./implementation.js')).implementations[name],
  });
}

export const squaredError = rowLoss('squared_error', 'Squared error (p − y)².');

export const absoluteError = rowLoss('absolute_error', 'Absolute error |p − y|.');

export const huberError = rowLoss(
  'huber_error',
  'Huber error: d²/2 for d = |p − y| up to delta, then delta·(d − delta/2).',
  { delta: 1 },
);

export const sigmoidCrossEntropy = rowLoss(
  'sigmoid_cross_entropy',
  'Cross-entropy of sigmoid(p) with targets from 0 to 1: max(p, 0) − p·y + log(1 + exp(−|p|)).',
);
