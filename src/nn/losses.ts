import { OptionError, ShapeError } from '../core/errors.js';
import { numberWithin } from '../core/options.js';
import { elementCount } from '../core/notation.js';
import { ops } from '../ops/index.js';
import type { Op } from '../plan/op.js';
import type { Tensor } from '../plan/tensor.js';
import { checkSym } from './module.js';
import type { Scope } from './scope.js';
import type { Sym } from './sym.js';

/** A loss, or a sum of several losses. */
export class LossTerm {
  /** @param tensors losses of single targets; each tensor has any shape */
  constructor(readonly tensors: readonly Tensor[]) {}

  /** The sum of both. */
  add(other: LossTerm): LossTerm {
    return new LossTerm([...this.tensors, ...other.tensors]);
  }
}

/** Options of every loss. */
export interface LossOptions {
  /**
   * Factor of the gradient, for sums of losses. The reported loss does not include it. Default 1.
   */
  readonly weight?: number;
}

/** Options of losses of predictions [T,N,C] or [N,C] with targets of the same shape. */
export interface RowLossOptions extends LossOptions {
  /** u32 [N]: steps of each row; later steps have no loss. Default: T. */
  readonly lengths?: Sym;
}

/**
 * Losses of single targets. The mean loss is their sum divided by the `count` of the batch. In
 * training, each loss overwrites its predictions with their gradient, so a prediction can have one
 * loss only.
 */
export const losses = {
  /**
   * Cross-entropy of logits [..,V] with ids [..], in nats: −log softmax(logits)[id]. A row whose id
   * is V or more has no loss.
   * @param options smoothing: share of the target that is spread over all V; default 0.
   *   classWeights: V factors for the losses of targets, like the weights of
   *   torch.nn.CrossEntropyLoss, but the mean divides by the number of targets; default: all 1
   * @throws ShapeError where there is not one id for each row of logits
   */
  crossEntropy(
    logits: Sym,
    ids: Sym,
    {
      smoothing = 0,
      weight = 1,
      classWeights,
    }: LossOptions & { readonly smoothing?: number; readonly classWeights?: readonly number[] } = {},
  ): LossTerm {
    numberWithin('losses.smoothing', smoothing, 0, 1, true);
    checkSym('losses.logits', logits);
    checkSym('losses.ids', ids);
    const { scope } = logits;
    const V = logits.shape.at(-1) ?? 1;
    const R = elementCount(logits.shape) / V;
    if (elementCount(ids.shape) !== R)
      throw new ShapeError(
        `crossEntropy: logits [${logits.shape.join(',')}] need an id for each of ${R} rows, but the ids ` +
          `are [${ids.shape.join(',')}].`,
      );
    if (classWeights) checkClassWeights(classWeights, V);
    const tensors = {
      logits: scope.builder.view(logits.tensor, [R, V]),
      targets: scope.builder.view(ids.tensor, [R]),
      ...countOf(scope),
      ...(classWeights
        ? { class_weights: scope.builder.constant(scope.label('class_weights'), [V], classWeights) }
        : {}),
    };
    const attributes = { scale: weight, gradient: scope.gradients, labelSmoothing: smoothing };
    return term(scope.builder.apply(ops.softmax_cross_entropy, scope.label('loss'), tensors, attributes));
  },

  /** Squared error (p − y)². */
  mse: (predictions: Sym, targets: Sym, options?: RowLossOptions): LossTerm =>
    rowLoss(ops.squared_error, predictions, targets, options),

  /** Absolute error |p − y|. */
  mae: (predictions: Sym, targets: Sym, options?: RowLossOptions): LossTerm =>
    rowLoss(ops.absolute_error, predictions, targets, options),

  /** Huber error: d²/2 for d = |p − y| up to delta (default 1), then delta·(d − delta/2). */
  huber: (
    predictions: Sym,
    targets: Sym,
    { delta = 1, ...options }: RowLossOptions & { readonly delta?: number } = {},
  ): LossTerm => rowLoss(ops.huber_error, predictions, targets, options, { delta }),

  /** Cross-entropy of sigmoid(logits) with targets from 0 to 1, in nats. */
  bce: (logits: Sym, targets: Sym, options?: RowLossOptions): LossTerm =>
    rowLoss(ops.sigmoid_cross_entropy, logits, targets, options),
};

/** Checks weights of classes: V finite numbers from 0. @throws OptionError */
export function checkClassWeights(weights: readonly number[], V: number): void {
  const fits =
    Array.isArray(weights) &&
    weights.length === V &&
    weights.every((weight) => weight >= 0 && weight < Infinity);
  if (!fits) throw new OptionError('classWeights', weights, `${V} numbers from 0, one for each class`);
}

function rowLoss(
  op: Op,
  predictions: Sym,
  targets: Sym,
  { lengths, weight = 1 }: RowLossOptions = {},
  attributes: Readonly<Record<string, number>> = {},
): LossTerm {
  checkSym('losses.predictions', predictions);
  checkSym('losses.targets', targets);
  const { scope, shape } = predictions;
  if (targets.shape.join() !== shape.join())
    throw new ShapeError(
      `${op.name}: targets must have the shape of the predictions, [${shape.join(',')}], but they are ` +
        `[${targets.shape.join(',')}].`,
    );
  const [N, C] = shape.length === 1 ? [shape[0], 1] : shape.slice(-2);
  const three = [elementCount(shape) / (N * C), N, C];
  const tensors = {
    predictions: scope.builder.view(predictions.tensor, three),
    targets: scope.builder.view(targets.tensor, three),
    ...(lengths ? { lengths: lengths.tensor } : {}),
    ...countOf(scope),
  };
  const all = { scale: weight, gradient: scope.gradients, ...attributes };
  return term(scope.builder.apply(op, scope.label(op.name), tensors, all));
}

function countOf({ count, gradients }: Scope): { readonly count?: Tensor } {
  return count && gradients ? { count } : {};
}

function term({ loss }: Readonly<Record<string, Tensor>>): LossTerm {
  return new LossTerm([loss]);
}
