import { oneOf, onlyKnown } from '../core/options.js';
import { CHAR_MODEL_NAMES } from '../layers/module-names.js';
import { defineModel } from '../nn/define-model.js';
import { losses } from '../nn/losses.js';
import { nn } from '../nn/modules.js';
import type { Fields } from '../train/batch.js';
import type { ModelKind } from '../train/model.js';
import { checkIds } from './checks.js';
import { optionsFromConfig, plainConfig } from './config.js';
import { LABEL_LOSS_OPTIONS, labelLoss, type LabelLossOptions } from './label-loss.js';
import { labelMeasures, likeliest, namesOf, softmaxOf, type LabelNames } from './labels.js';
import { LAYER_OPTIONS, type LayersOptions } from './layers.js';
import { predicting, type PredictingModel } from './predicting.js';
import { makeReader, pool, POOLINGS, type Pooling, type ReaderFields, type ReaderInput } from './reader.js';

/** Options of `classifier`. */
export interface ClassifierOptions<I extends ReaderInput = ReaderInput>
  extends LayersOptions, LabelLossOptions {
  readonly input: I;
  readonly labels: LabelNames;
  /**
   * The input of the head: the final state of the top layer (`last`), or the mean or maximum over
   * the unpadded steps of a row. Default `last`.
   */
  readonly pooling?: Pooling;
}

/** The predicted label of a row, and the probability of each label. */
export interface Scores {
  readonly label: string;
  readonly probabilities: Readonly<Record<string, number>>;
}

export type ClassifierFields<I extends ReaderInput> = ReaderFields<I> & {
  readonly labels: { readonly dtype: 'u32'; readonly shape: readonly ['N'] };
};

/** A model that predicts one label of each sequence. */
export type Classifier<I extends ReaderInput = ReaderInput> = PredictingModel<ClassifierFields<I>, Scores>;

/** `kind` of classifiers in checkpoints. */
export const CLASSIFIER_KIND = 'classifier';

/**
 * Many to one: recurrent layers read a sequence, a head predicts one of K labels.
 *
 *     y, hn = rnn(embedding.weight[ids], lengths)
 *     logits [N,K] = pooled·head.weightᵀ + head.bias
 *
 * Fields:
 * - `ids` u32 [T,N], `x` [T,N,C] or `image`; see `ReaderInput`
 * - `lengths`: u32 [N]
 * - `labels`: u32 [N]; K means no label
 *
 * The loss is the cross-entropy, a mean over rows. Parameters: `embedding.weight` [V,E], `rnn.*` as
 * in torch.nn.LSTM, RNN and GRU, `head.weight` [K,W], `head.bias` [K].
 * @throws OptionError for an option that is unknown or out of range
 */
export function classifier<const I extends ReaderInput>(options: ClassifierOptions<I>): Classifier<I> {
  onlyKnown('classifier', options, [...LAYER_OPTIONS, ...LABEL_LOSS_OPTIONS, 'input', 'labels', 'pooling']);
  const names = namesOf(options.labels);
  const K = names.length;
  const pooling = oneOf('pooling', options.pooling ?? 'last', POOLINGS);
  const lossOptions = labelLoss(options, K);
  const reader = makeReader({ ...options, ragged: true });
  const head = nn.linear(pooling === 'last' ? reader.stateWidth : reader.width, K);
  const fields: Fields = { ...reader.fields, labels: { dtype: 'u32', shape: ['N'] } };
  const model = defineModel({
    kind: CLASSIFIER_KIND,
    config: plainConfig(options),
    fields,
    modules: { ...reader.modules, head },
    inspected: reader.rnn,
    inputs: Object.keys(reader.fields),
    baseline: Math.log(K),
    moduleNames: CHAR_MODEL_NAMES,
    forward: (_, fields) => ({ logits: head(pool(pooling, reader.read(fields))) }),
    loss: ({ logits }, { labels }) => losses.crossEntropy(logits, labels, lossOptions),
    check(batch) {
      reader.check(batch);
      checkIds(batch, { name: 'labels', symbols: K, noun: 'a label' });
    },
    measured: ['logits'],
    measure: ({ logits }, { arrays: { labels } }) => labelMeasures(logits, labels, K),
  });
  return predicting<ClassifierFields<I>, Scores>(model, {
    predicted: ['logits'],
    read: ({ logits }, { sizes: { N } }) =>
      Array.from({ length: N }, (_, n): Scores => {
        const probabilities = softmaxOf(logits, n * K, K).map((share, k) => [names[k], share] as const);
        return {
          label: names[likeliest(logits, n * K, K)],
          probabilities: Object.fromEntries(probabilities),
        };
      }),
  });
}

/** Makes classifiers from checkpoints. */
export const classifierKind: ModelKind<Classifier> = {
  kind: CLASSIFIER_KIND,
  fromConfig: (config) => classifier(optionsFromConfig(config) as ClassifierOptions),
};
