import { OptionError } from '../core/errors.js';
import { onlyKnown } from '../core/options.js';
import { CHAR_MODEL_NAMES } from '../layers/module-names.js';
import { defineModel } from '../nn/define-model.js';
import { losses } from '../nn/losses.js';
import { nn } from '../nn/modules.js';
import type { Fields } from '../train/batch.js';
import type { ModelKind } from '../train/model.js';
import { checkIds } from './checks.js';
import { optionsFromConfig, plainConfig } from './config.js';
import { LABEL_LOSS_OPTIONS, labelLoss, type LabelLossOptions } from './label-loss.js';
import { labelMeasures, likeliest, namesOf, type LabelNames } from './labels.js';
import { LAYER_OPTIONS, type LayersOptions } from './layers.js';
import { predicting, type PredictingModel } from './predicting.js';
import { makeReader, type ReaderFields, type ReaderInput } from './reader.js';

/** Options of `tagger`. */
export interface TaggerOptions<I extends ReaderInput = ReaderInput>
  extends Omit<LayersOptions, 'pyramidal'>, LabelLossOptions {
  readonly input: I;
  readonly labels: LabelNames;
}

export type TaggerFields<I extends ReaderInput> = ReaderFields<I> & {
  readonly tags: { readonly dtype: 'u32'; readonly shape: readonly ['T', 'N'] };
};

/** A model that predicts a label of every step of a sequence. */
export type Tagger<I extends ReaderInput = ReaderInput> = PredictingModel<TaggerFields<I>, readonly string[]>;

/** `kind` of taggers in checkpoints. */
export const TAGGER_KIND = 'tagger';

/**
 * Many to many: recurrent layers read a sequence, a head predicts one of K labels at every step.
 *
 *     y = rnn(embedding.weight[ids], lengths)
 *     logits [T,N,K] = y·head.weightᵀ + head.bias
 *
 * Fields:
 * - `ids` u32 [T,N], `x` [T,N,C] or `image` [T,N,I,J,C]
 * - `lengths`: u32 [N]
 * - `tags`: u32 [T,N]; K means no tag
 *
 * The loss is the cross-entropy, a mean over tags. At padded steps y is 0, so the logits are the
 * bias of the head. Parameters: `embedding.weight` [V,E], `rnn.*` as in torch.nn.LSTM, RNN and GRU,
 * `head.weight` [K,W], `head.bias` [K].
 * @throws OptionError for an option that is unknown or out of range
 */
export function tagger<const I extends ReaderInput>(options: TaggerOptions<I>): Tagger<I> {
  onlyKnown('tagger', options, [...LAYER_OPTIONS, ...LABEL_LOSS_OPTIONS, 'input', 'labels']);
  if ((options as LayersOptions).pyramidal === true)
    throw new OptionError('pyramidal', true, 'false for a tagger, whose every step has a label');
  const names = namesOf(options.labels);
  const K = names.length;
  const lossOptions = labelLoss(options, K);
  const reader = makeReader({ ...options, ragged: true });
  if (!reader.ragged)
    throw new OptionError(
      'input',
      options.input,
      'ids, features or an image of each step, which tags are for',
    );
  const head = nn.linear(reader.width, K);
  const fields: Fields = { ...reader.fields, tags: { dtype: 'u32', shape: ['T', 'N'] } };
  const model = defineModel({
    kind: TAGGER_KIND,
    config: plainConfig(options),
    fields,
    modules: { ...reader.modules, head },
    inspected: reader.rnn,
    inputs: Object.keys(reader.fields),
    baseline: Math.log(K),
    moduleNames: CHAR_MODEL_NAMES,
    forward: (_, given) => ({ logits: head(reader.read(given).y) }),
    loss: ({ logits }, { tags }) => losses.crossEntropy(logits, tags, lossOptions),
    check(batch) {
      reader.check(batch);
      checkIds(batch, { name: 'tags', symbols: K, noun: 'a tag' });
    },
    measured: ['logits'],
    measure: ({ logits }, { arrays: { tags } }) => labelMeasures(logits, tags, K),
  });
  return predicting<TaggerFields<I>, readonly string[]>(model, {
    predicted: ['logits'],
    read: ({ logits }, { arrays: { lengths }, sizes: { N } }) =>
      Array.from({ length: N }, (_, n) =>
        Array.from({ length: lengths[n] }, (__, t) => names[likeliest(logits, (t * N + n) * K, K)]),
      ),
  });
}

/** Makes taggers from checkpoints. */
export const taggerKind: ModelKind<Tagger> = {
  kind: TAGGER_KIND,
  fromConfig: (config) => tagger(optionsFromConfig(config) as TaggerOptions),
};
