import type { Reference } from '../../plan/op.js';

/**
 * g = clamp(factor·gradient) + weightDecay·w; v = momentum·v + share·g; w −= rate·v (Sutskever et
 * al., 2013, in the form of torch.optim.SGD)
 */
export const forward: Reference = ({ parameters, gradients, report, hyper, velocity }, { E }, attributes) => {
  const { momentum, nesterov, weightDecay, clipValue } = attributes as {
    momentum: number;
    nesterov: boolean;
    weightDecay: number;
    clipValue: number;
  };
  const [, , usable, factor] = report;
  const [rate, share] = hyper;
  if (usable === 0) return;
  const limit = clipValue > 0 ? clipValue : Infinity;
  for (let i = 0; i < E; i++) {
    const g = Math.min(limit, Math.max(-limit, factor * gradients[i])) + weightDecay * parameters[i];
    if (!velocity) {
      parameters[i] -= rate * g;
      continue;
    }
    const v = momentum * velocity[i] + share * g;
    velocity[i] = v;
    parameters[i] -= rate * (nesterov ? g + momentum * v : v);
  }
};
