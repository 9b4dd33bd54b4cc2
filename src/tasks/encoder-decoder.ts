import { OptionError } from '../core/errors.js';
import { oneOf, onlyKnown, trueOrFalse, wholeNumber } from '../core/options.js';
import { ops } from '../ops/index.js';
import type { Fields } from '../train/batch.js';
import type { ModelKind } from '../train/model.js';
import { DECODER_ATTENTIONS, type DecoderAttention } from './attention.js';
import { CONTEXTS, makeBridge, SUMMARIES, type Context, type Summary } from './bridge.js';
import { optionsFromConfig, plainConfig } from './config.js';
import { makeDecoder } from './decoder.js';
import { DECODING_OPTIONS, decodingModel, type DecodingModel, type DecodingOptions } from './decoding.js';
import { generating, type Generates } from './generating.js';
import { LAYER_OPTIONS, layersOf, type LayersOptions } from './layers.js';
import { makeReader, type ReaderFields, type ReaderInput } from './reader.js';
import { sourceReader, type SourceOf } from './source-reader.js';
import { isSymbolInput, symbolSizes, type SymbolInput } from './symbols.js';
import { writtenSymbols } from './written-symbols.js';

/** Options of `encoderDecoder`. Layers are those of both sides; the decoder has one direction. */
export interface EncoderDecoderOptions<I extends ReaderInput = SymbolInput>
  extends LayersOptions, DecodingOptions {
  /** The input of the encoder: symbols, or features or images of steps. */
  readonly source: I;
  /** See `Summary`. Default `last`, or `transformed-last` for a bidirectional encoder. */
  readonly summary?: Summary;
  /** See `Context`. Default `initial`. */
  readonly context?: Context;
  /** How the decoder attends to the source. Default `none`. */
  readonly attention?: DecoderAttention;
  /** A: units of additive attention. Only with `attention: 'additive'`. Default H. */
  readonly attentionSize?: number;
  /**
   * Whether the attentional vector is part of the next input (Luong and others, 2015). Default
   * false.
   */
  readonly inputFeeding?: boolean;
}

/**
 * The arrays that an encoder–decoder reads: those of its encoder, `source` u32 [S,N] of symbols,
 * and those of what it writes.
 */
export type EncoderDecoderFields<I extends ReaderInput = SymbolInput> = Fields &
  ReaderFields<I, typeof SOURCE_NAMES> & {
    readonly previous: { readonly dtype: 'u32'; readonly shape: readonly ['T', 'N'] };
    readonly targets: { readonly dtype: 'u32'; readonly shape: readonly ['T', 'N'] };
  };

/** An encoder–decoder. Its condition is a text, or the numbers of steps, a grid or an image. */
export type EncoderDecoder<I extends ReaderInput = SymbolInput> = DecodingModel<EncoderDecoderFields<I>> &
  Generates<SourceOf<I>>;

/** `kind` of encoder–decoders in checkpoints. */
export const ENCODER_DECODER_KIND = 'encoder-decoder';

const OWN = ['source', 'summary', 'context', 'attention', 'attentionSize', 'inputFeeding'];

/**
 * Many to many of unequal lengths: an encoder reads the source, a decoder writes the target.
 *
 *     memory [S,N,W], hn = encoder(source_embedding.weight[source], sourceLengths)
 *     logits[t] = step(target_embedding.weight[previous[t]])
 *
 * Fields, where padded places hold V, the number of ids:
 * - `source`: u32 [S,N] of symbols, f32 [S,N,F] of features or f32 [S,N,I,J,C] of images, with
 *   `sourceLengths` u32 [N]; or, with equal lengths, `grid` [P,N,F] or the columns of `image`
 *   [N,I,J,C]
 * - `previous`: u32 [T,N], a begin symbol, then the targets one step late
 * - `targets`: u32 [T,N]
 *
 * Outputs: `logits` [T,N,V] and, with attention, `attention` [T,N,S]. The loss is the
 * cross-entropy, a mean over targets. `Summary` and `Context` have formulas, docs/weights.md has
 * the parameters.
 *
 * `dot` and `general` attention are products over all steps, outside of the time loop. `additive`
 * attention of one layer adds one launch to a step. Deeper decoders with additive attention, and
 * input feeding, are computed step by step, which is slower.
 * @throws OptionError for an option that is unknown, out of range or cannot be combined with
 *   another
 */
export function encoderDecoder<const I extends ReaderInput>(
  options: EncoderDecoderOptions<I>,
): EncoderDecoder<I> {
  onlyKnown('encoderDecoder', options, [...LAYER_OPTIONS, ...DECODING_OPTIONS, ...OWN]);
  const { attention, context, summary, inputFeeding } = encoderDecoderChoices(options);
  const sizes = symbolSizes('target', options.target, 1);
  const source: ReaderInput = options.source;
  const encoder = makeReader({ ...options, input: source, ragged: true }, SOURCE_NAMES);
  const H = encoder.rnn.stack.hidden;
  checkCombination({
    ...{ attention, context, inputFeeding, attentionSize: options.attentionSize },
    ...{ W: encoder.width, H },
  });
  const bridge = makeBridge(encoder, summary, context);
  const decoder = makeDecoder({
    ...layersOf(options),
    symbols: sizes.V,
    embedding: sizes.E,
    attention,
    memory: attention === 'none' ? 0 : encoder.width,
    attentionSize: wholeNumber('attentionSize', options.attentionSize ?? H),
    joined: bridge.joinedWidth,
    joinsFirst: false,
    inputFeeding,
  });
  const model = decodingModel({
    kind: ENCODER_DECODER_KIND,
    config: plainConfig(options),
    options,
    sizes,
    symbols: { target: options.target, ...(isSymbolInput(source) ? { source } : {}) },
    condition: encoder.fields,
    check: (batch) => encoder.check(batch),
    before: encoder.modules,
    between: bridge.modules,
    names: { embedding: 'target_embedding', layers: 'decoder' },
    decoder,
    inspected: encoder.rnn,
    encode(scope, fields) {
      const encoded = encoder.read(fields);
      const { initial, joined } = bridge.cross(encoded);
      return {
        initial: Object.fromEntries(Object.entries(initial).map(([name, { tensor }]) => [name, tensor])),
        source: decoder.source(scope, encoded.y.tensor, encoded.lengths?.tensor, joined?.tensor),
      };
    },
    attended(scope, lengths) {
      let left = lengths;
      const { pyramidal, layers } = encoder.rnn.stack;
      for (let l = 1; left && pyramidal && l < layers; l++)
        left = scope.builder.apply(ops.half_lengths, scope.label('lengths'), { x: left }).y;
      return left;
    },
  }) as DecodingModel<EncoderDecoderFields<I>>;
  const { pyramidal, layers } = encoder.rnn.stack;
  const halvings = pyramidal ? layers - 1 : 0;
  return generating(model, {
    written: writtenSymbols(options.target, sizes.V),
    generation: options.generation,
    conditionFields: encoder.fields,
    readConditions: sourceReader(options.source, (length) => Math.ceil(length / 2 ** halvings)),
    ...(encoder.ragged ? { lengths: SOURCE_NAMES.lengths } : {}),
  });
}

/** The options that decide the parts of an encoder–decoder, with defaults. */
export type EncoderDecoderChoices = Required<
  Pick<EncoderDecoderOptions, 'attention' | 'context' | 'summary' | 'inputFeeding'>
>;

/** The choices with their defaults. @throws OptionError for an unknown choice */
export function encoderDecoderChoices(options: Omit<EncoderDecoderOptions, 'source'>): EncoderDecoderChoices {
  const usual = options.bidirectional === true ? 'transformed-last' : 'last';
  const { inputFeeding = false } = options;
  trueOrFalse('inputFeeding', inputFeeding);
  return {
    attention: oneOf('attention', options.attention ?? 'none', DECODER_ATTENTIONS),
    context: oneOf('context', options.context ?? 'initial', CONTEXTS),
    summary: oneOf('summary', options.summary ?? usual, SUMMARIES),
    inputFeeding,
  };
}

/** Makes encoder–decoders from checkpoints. */
export const encoderDecoderKind: ModelKind<EncoderDecoder> = {
  kind: ENCODER_DECODER_KIND,
  fromConfig: (config) => encoderDecoder(optionsFromConfig(config) as EncoderDecoderOptions),
};

/** Fields and modules of the encoder. */
export const SOURCE_NAMES = {
  ids: 'source',
  values: 'source',
  images: 'source',
  lengths: 'sourceLengths',
  letter: 'S',
  embedding: 'source_embedding',
  layers: 'encoder',
} as const;

/** @throws OptionError for options that cannot be combined */
function checkCombination({
  attention,
  context,
  inputFeeding,
  attentionSize,
  W,
  H,
}: {
  readonly attention: DecoderAttention;
  readonly attentionSize: number | undefined;
  readonly context: Context;
  readonly inputFeeding: boolean;
  readonly W: number;
  readonly H: number;
}): void {
  if (attention === 'dot' && W !== H)
    throw new OptionError(
      'attention',
      attention,
      `"general" or "additive" where the encoder's outputs have ${W} features and the decoder's ${H}`,
    );
  if (attentionSize !== undefined && attention !== 'additive')
    throw new OptionError(
      'attentionSize',
      attentionSize,
      `none unless attention is additive; it is ${attention}`,
    );
  if (attention === 'additive' && context !== 'initial')
    throw new OptionError(
      'context',
      context,
      '"initial" with additive attention, which joins a context of its own to every input',
    );
  if (inputFeeding && attention !== 'dot' && attention !== 'general')
    throw new OptionError('inputFeeding', true, 'false unless the attention is dot or general');
}
