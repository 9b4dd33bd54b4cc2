import type { Reference } from '../../plan/op.js';

/**
 * g = clamp(factor·gradient) + weightDecay·w; m += g²; w −= rate·g/(√m + ε) or rate·g/√(m + ε)
 * (Duchi, Hazan and Singer, 2011)
 */
export const forward: Reference = ({ parameters, gradients, report, hyper, sum }, { E }, attributes) => {
  const { epsilon, epsilonInside, weightDecay, clipValue } = attributes as {
    epsilon: number;
    epsilonInside: boolean;
    weightDecay: number;
    clipValue: number;
  };
  const [, , usable, factor] = report;
  const [rate] = hyper;
  if (usable === 0) return;
  const limit = clipValue > 0 ? clipValue : Infinity;
  for (let i = 0; i < E; i++) {
    const g = Math.min(limit, Math.max(-limit, factor * gradients[i])) + weightDecay * parameters[i];
    const m = sum[i] + g * g;
    sum[i] = m;
    parameters[i] -= (rate * g) / (epsilonInside ? Math.sqrt(m + epsilon) : Math.sqrt(m) + epsilon);
  }
};
