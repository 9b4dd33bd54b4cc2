import type { Reference } from '../../plan/op.js';

/**
 * g = clamp(factor·gradient) + weightDecay·w; m = decay·m + (1 − decay)·g²; w −= rate·g/(√m + ε)
 * (Tieleman and Hinton, 2012)
 */
export const forward: Reference = ({ parameters, gradients, report, hyper, square }, { E }, attributes) => {
  const { decay, epsilon, weightDecay, clipValue } = attributes as {
    decay: number;
    epsilon: number;
    weightDecay: number;
    clipValue: number;
  };
  const [, , usable, factor] = report;
  const [rate] = hyper;
  if (usable === 0) return;
  const limit = clipValue > 0 ? clipValue : Infinity;
  for (let i = 0; i < E; i++) {
    const g = Math.min(limit, Math.max(-limit, factor * gradients[i])) + weightDecay * parameters[i];
    const m = decay * square[i] + (1 - decay) * g * g;
    square[i] = m;
    parameters[i] -= (rate * g) / (Math.sqrt(m) + epsilon);
  }
};
