import { OptionError } from '../core/errors.js';
import { numberAbove, oneOf, onlyKnown, trueOrFalse, wholeNumber } from '../core/options.js';
import { CHAR_MODEL_NAMES } from '../layers/module-names.js';
import { defineModel } from '../nn/define-model.js';
import { losses } from '../nn/losses.js';
import { nn } from '../nn/modules.js';
import { regressionMeasures } from '../data/metrics/measures.js';
import type { Fields } from '../train/batch.js';
import type { ModelKind } from '../train/model.js';
import { checkNumbers } from './checks.js';
import { optionsFromConfig, plainConfig } from './config.js';
import { LAYER_OPTIONS, type LayersOptions } from './layers.js';
import { predicting, type PredictingModel } from './predicting.js';
import { makeReader, pool, POOLINGS, type ReaderFields, type ReaderInput } from './reader.js';

/** The input of the head: one vector of a row, or with `none` every step. */
export const REGRESSOR_POOLINGS = [...POOLINGS, 'none'] as const;

export const REGRESSOR_LOSSES = ['mse', 'mae', 'huber'] as const;

/** Options of `regressor`. */
export interface RegressorOptions<I extends ReaderInput = ReaderInput> extends LayersOptions {
  readonly input: I;
  /** O: number of numbers of each target. Default 1. */
  readonly outputs?: number;
  /** How outputs are combined before the head. Default `last`. */
  readonly pooling?: (typeof REGRESSOR_POOLINGS)[number];
  /** Squared, absolute or Huber error. Default `mse`. */
  readonly loss?: (typeof REGRESSOR_LOSSES)[number];
  /** The distance at which the Huber error changes from squared to linear. Default 1. */
  readonly delta?: number;
  /**
   * Whether rows have unequal lengths, in the field `lengths`; otherwise all have T. Default true.
   */
  readonly ragged?: boolean;
}

export type RegressorFields<I extends ReaderInput> = Omit<ReaderFields<I>, 'lengths'> & {
  readonly y: { readonly dtype: 'f32'; readonly shape: readonly (string | number)[] };
};

/** A model that predicts numbers of each sequence or of each step. */
export type Regressor<I extends ReaderInput = ReaderInput> = PredictingModel<
  RegressorFields<I>,
  Float32Array
>;

/** `kind` of regressors in checkpoints. */
export const REGRESSOR_KIND = 'regressor';

/**
 * Recurrent layers read a sequence, a head predicts O numbers.
 *
 *     y, hn = rnn(x, lengths)
 *     predictions [N,O] or [T,N,O] = pooled·head.weightᵀ + head.bias
 *
 * Fields:
 * - `x` [T,N,C], `ids` u32 [T,N] or `image`; see `ReaderInput`
 * - `lengths`: u32 [N], only if `ragged`
 * - `y`: [N,O], or [T,N,O] if `pooling` is `none`
 *
 * The loss is the sum over all numbers of unpadded steps, divided by `count` of the batch: N·O or
 * O·Σ lengths for the mean of PyTorch's losses. Parameters: `embedding.weight` [V,E], `rnn.*`,
 * `head.weight` [O,W], `head.bias` [O].
 * @throws OptionError for an option that is unknown or out of range
 */
export function regressor<const I extends ReaderInput>(options: RegressorOptions<I>): Regressor<I> {
  const known = ['input', 'outputs', 'pooling', 'loss', 'delta', 'ragged'];
  onlyKnown('regressor', options, [...LAYER_OPTIONS, ...known]);
  const pooling = oneOf('pooling', options.pooling ?? 'last', REGRESSOR_POOLINGS);
  const loss = oneOf('loss', options.loss ?? 'mse', REGRESSOR_LOSSES);
  const O = wholeNumber('outputs', options.outputs ?? 1);
  const delta = numberAbove('delta', options.delta ?? 1);
  if (options.pyramidal === true && pooling === 'none')
    throw new OptionError('pyramidal', true, 'false where every step has a target (pooling "none")');
  trueOrFalse('ragged', options.ragged ?? true);
  const reader = makeReader({ ...options, ragged: options.ragged ?? true });
  const { ragged } = reader;
  const head = nn.linear(pooling === 'last' ? reader.stateWidth : reader.width, O);
  const every = pooling === 'none';
  if (every && 'cells' in options.input)
    throw new OptionError('pooling', pooling, 'last, mean or max where the steps are those of a grid');
  if (every && 'steps' in options.input && options.input.steps === 'columns')
    throw new OptionError('pooling', pooling, 'last, mean or max where the steps are those of an image');
  const fields: Fields = { ...reader.fields, y: { dtype: 'f32', shape: every ? ['T', 'N', O] : ['N', O] } };
  const model = defineModel({
    kind: REGRESSOR_KIND,
    config: plainConfig(options),
    fields,
    modules: { ...reader.modules, head },
    inspected: reader.rnn,
    inputs: Object.keys(reader.fields),
    moduleNames: CHAR_MODEL_NAMES,
    forward(_, given) {
      const result = reader.read(given);
      return { predictions: head(pooling === 'none' ? result.y : pool(pooling, result)) };
    },
    loss({ predictions }, { y, lengths }) {
      const left = every && ragged ? { lengths } : {};
      return loss === 'huber'
        ? losses.huber(predictions, y, { ...left, delta })
        : losses[loss](predictions, y, left);
    },
    check(batch) {
      reader.check(batch);
      checkNumbers(batch, 'y');
    },
    measured: ['predictions'],
    measure({ predictions }, { arrays: { y, lengths }, sizes: { T, N } }) {
      const counts = (_: number, i: number): boolean =>
        !every || !ragged || Math.floor(i / (N * O)) < (lengths?.[Math.floor(i / O) % N] ?? T);
      return regressionMeasures(predictions.filter(counts), Float32Array.from(y).filter(counts));
    },
  });
  return predicting<RegressorFields<I>, Float32Array>(model, {
    predicted: ['predictions'],
    read: (outputs, { arrays, sizes: { T, N } }, { y: scale }) => {
      const { predictions } = outputs;
      const inUnits = (value: number, o: number): number =>
        scale ? value * scale.deviation[o] + scale.mean[o] : value;
      return Array.from({ length: N }, (_, n) => {
        const steps = !every ? 1 : ragged ? arrays.lengths[n] : T;
        return Float32Array.from({ length: steps * O }, (__, i) => {
          const t = Math.floor(i / O);
          return inUnits(predictions[(t * N + n) * O + (i % O)], i % O);
        });
      });
    },
  });
}

/** Makes regressors from checkpoints. */
export const regressorKind: ModelKind<Regressor> = {
  kind: REGRESSOR_KIND,
  fromConfig: (config) => regressor(optionsFromConfig(config) as RegressorOptions),
};
