import { numberWithin } from '../core/options.js';
import { checkClassWeights } from '../nn/losses.js';

/** Options of the loss of labels. */
export interface LabelLossOptions {
  /** Share of each target that is spread over all labels. Default 0. */
  readonly smoothing?: number;
  /** A factor for the loss of each label, in their order. Default: 1 for all. */
  readonly classWeights?: readonly number[];
}

export const LABEL_LOSS_OPTIONS = ['smoothing', 'classWeights'] as const;

/** The options of `losses.crossEntropy` for K labels. @throws OptionError */
export function labelLoss(
  { smoothing = 0, classWeights }: LabelLossOptions,
  K: number,
): { readonly smoothing: number; readonly classWeights?: readonly number[] } {
  numberWithin('smoothing', smoothing, 0, 1, true);
  if (classWeights === undefined) return { smoothing };
  checkClassWeights(classWeights, K);
  return { smoothing, classWeights };
}
