import type { Reference } from '../../plan/op.js';

/**
 * m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g²; w −= rate · (m/c1) / (√(v/c2) + ε), c = 1 − β^t
 * (Kingma and Ba, 2015). Decoupled: w *= 1 − rate·weightDecay first (Loshchilov and Hutter, 2019).
 */
export const forward: Reference = (
  { parameters, gradients, report, hyper, mean, square },
  { E },
  attributes,
) => {
  const { beta1, beta2, epsilon, weightDecay, decoupled, clipValue } = attributes as {
    beta1: number;
    beta2: number;
    epsilon: number;
    weightDecay: number;
    decoupled: boolean;
    clipValue: number;
  };
  const [, , usable, factor] = report;
  const [rate, c1, c2] = hyper;
  if (usable === 0) return;
  const limit = clipValue > 0 ? clipValue : Infinity;
  for (let i = 0; i < E; i++) {
    let g = Math.min(limit, Math.max(-limit, factor * gradients[i]));
    if (decoupled) parameters[i] *= 1 - rate * weightDecay;
    else g += weightDecay * parameters[i];
    mean[i] = beta1 * mean[i] + (1 - beta1) * g;
    square[i] = beta2 * square[i] + (1 - beta2) * g * g;
    parameters[i] -= (rate * (mean[i] / c1)) / (Math.sqrt(square[i] / c2) + epsilon);
  }
};
