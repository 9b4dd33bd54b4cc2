import { OptionError } from '../core/errors.js';
import { oneOf, onlyKnown, wholeNumber } from '../core/options.js';
import { trueOrFalse } from '../layers/stack-options.js';
import { defineModel, type DefinedModel } from '../nn/define-model.js';
import { losses } from '../nn/losses.js';
import { nn } from '../nn/modules.js';
import { Sym, type Scope } from '../nn/sym.js';
import { ops } from '../ops/index.js';
import type { Tensor } from '../plan/tensor.js';
import type { Fields } from '../train/batch.js';
import type { ModelKind } from '../train/model.js';
import { DECODER_ATTENTIONS, type DecoderAttention } from './attention.js';
import { CONTEXTS, makeBridge, SUMMARIES, type Context, type Summary } from './bridge.js';
import { checkIds } from './checks.js';
import { plainConfig } from './config.js';
import { makeDecoder } from './decoder.js';
import type { Decoded, DecoderSource } from './decoder-parts.js';
import { LABEL_LOSS_OPTIONS, labelLoss, type LabelLossOptions } from './label-loss.js';
import { countRight } from './labels.js';
import { LAYER_OPTIONS, type LayersOptions } from './layers.js';
import { makeReader } from './reader.js';
import { pretrainedVectors, symbolSizes, type SymbolInput } from './symbols.js';

/** What `encoderDecoder` takes. Layers are those of both sides; the decoder has one direction. */
export interface EncoderDecoderOptions extends LayersOptions, Pick<LabelLossOptions, 'smoothing'> {
  readonly source: SymbolInput;
  /** Its embedding is at least 1 wide. */
  readonly target: SymbolInput;
  /** Default `last`; `transformed-last` where the encoder is bidirectional. */
  readonly summary?: Summary;
  /** Default `initial`. */
  readonly context?: Context;
  /** Default `none`. */
  readonly attention?: DecoderAttention;
  /** A: units of additive attention. Default H. */
  readonly attentionSize?: number;
  /** The attentional vector joins the next input (Luong and others, 2015). Default false. */
  readonly inputFeeding?: boolean;
  /** The head uses the matrix of the target's embedding, whose width must be H. Default false. */
  readonly tied?: boolean;
}

/** The arrays that an encoder–decoder reads. */
export interface EncoderDecoderFields extends Fields {
  readonly source: { readonly dtype: 'u32'; readonly shape: readonly ['S', 'N'] };
  readonly sourceLengths: { readonly dtype: 'u32'; readonly shape: readonly ['N'] };
  readonly previous: { readonly dtype: 'u32'; readonly shape: readonly ['T', 'N'] };
  readonly targets: { readonly dtype: 'u32'; readonly shape: readonly ['T', 'N'] };
}

/** A source, read: what the decoder starts from, and what all its steps share. Plain tensors. */
export interface EncodedSource {
  /** Initial states [N,H] by the names of `states`; those that are missing are zero. */
  readonly initial: Readonly<Record<string, Tensor>>;
  readonly source: DecoderSource;
}

/** A model that writes symbols from a condition, step by step. */
export interface DecodingModel<F extends Fields = Fields> extends DefinedModel<F> {
  /** Names of the decoder's states, each [N,H]. */
  readonly decoderStates: readonly string[];
  /** H of the decoder. */
  readonly decoderHidden: number;
  /** V: ids that the decoder reads and writes. */
  readonly targetSymbols: number;
  /** Reads the condition. @param fields those of the condition alone, by name */
  encode(scope: Scope, fields: Readonly<Record<string, Sym>>): EncodedSource;
  /**
   * Writes a window, such as one step.
   * @param previous u32 [T,N]
   * @param states before the window by the names of `decoderStates`: those of `encode`, or those that
   *   an earlier window ended with
   */
  decode(
    scope: Scope,
    source: DecoderSource,
    previous: Tensor,
    states: Readonly<Record<string, Tensor>>,
  ): Decoded;
}

export type EncoderDecoder = DecodingModel<EncoderDecoderFields>;

/** `kind` of encoder–decoders in checkpoints. */
export const ENCODER_DECODER_KIND = 'encoder-decoder';

const OWN = ['source', 'target', 'summary', 'context', 'attention', 'attentionSize', 'inputFeeding', 'tied'];

/**
 * Many to many of unequal lengths: an encoder reads the source, a decoder writes the target.
 *   memory, hn = encoder(source_embedding.weight[source], sourceLengths)       memory [S,N,W]
 *   logits[t] = step(target_embedding.weight[previous[t]])
 * Fields: `source` u32 [S,N], `sourceLengths` u32 [N], `previous` u32 [T,N] (a begin symbol, then
 * the targets one step late), `targets` u32 [T,N]; padded places hold V, the number of ids.
 * Outputs: `logits` [T,N,V] and, with attention, `attention` [T,N,S]. The loss is the cross-entropy,
 * a mean over targets. See `Summary`, `Context` and docs/library.md for the formulas; parameters are
 * in docs/weights.md.
 *
 * `dot` and `general` attention are products over all steps, outside of the time loop; `additive`
 * of one layer is one launch more a step. Deeper decoders with additive attention, and input
 * feeding, are written out step by step, which is slower.
 * @throws OptionError for an option that is unknown, out of range or does not go with another
 */
export function encoderDecoder(options: EncoderDecoderOptions): EncoderDecoder {
  onlyKnown('encoderDecoder', options, [...LAYER_OPTIONS, ...OWN, LABEL_LOSS_OPTIONS[0]]);
  const attention = oneOf('attention', options.attention ?? 'none', DECODER_ATTENTIONS);
  const context = oneOf('context', options.context ?? 'initial', CONTEXTS);
  const bidirectional = options.bidirectional ?? false;
  const summary = oneOf(
    'summary',
    options.summary ?? (bidirectional ? 'transformed-last' : 'last'),
    SUMMARIES,
  );
  const { inputFeeding = false, tied = false } = options;
  trueOrFalse('inputFeeding', inputFeeding);
  trueOrFalse('tied', tied);
  const { V, E } = symbolSizes('target', options.target, 1);
  const { smoothing } = labelLoss(options, V);
  const { source: input } = options;
  const encoder = makeReader({ ...options, input, ragged: true }, SOURCE_NAMES);
  const H = encoder.rnn.stack.hidden;
  checkCombination({ attention, context, inputFeeding, tied, W: encoder.width, H, E });
  const bridge = makeBridge(encoder, summary, context);
  const vectors = pretrainedVectors('target', options.target, { V, E });
  const embedding = nn.embedding(V, E, vectors && { start: vectors });
  const decoder = makeDecoder({
    ...options,
    symbols: V,
    embedding: E,
    attention,
    memory: attention === 'none' ? 0 : encoder.width,
    attentionSize: wholeNumber('attentionSize', options.attentionSize ?? H),
    joined: bridge.joinedWidth,
    inputFeeding,
  });
  const { attention: attend, ...others } = decoder.modules;
  const modules = {
    ...encoder.modules,
    target_embedding: embedding,
    ...bridge.modules,
    decoder: decoder.rnn,
    ...(attend ? { attention: attend } : {}),
    ...others,
  };

  const encode: EncoderDecoder['encode'] = (scope, fields) => {
    const encoded = encoder.read(fields);
    const { initial, joined } = bridge.cross(encoded);
    return {
      initial: Object.fromEntries(Object.entries(initial).map(([name, { tensor }]) => [name, tensor])),
      source: decoder.source(scope, encoded.y.tensor, encoded.lengths?.tensor, joined?.tensor),
    };
  };
  const run = (
    scope: Scope,
    source: DecoderSource,
    previous: Tensor,
    initial: Readonly<Record<string, Tensor>>,
    mask?: Tensor,
  ): Decoded => {
    const projected = decoder.project(scope, embedding(new Sym(scope, previous)).tensor);
    return decoder.run(scope, source, { projected, initial, mask });
  };
  const model = defineModel({
    kind: ENCODER_DECODER_KIND,
    config: plainConfig(options),
    fields: FIELDS,
    modules,
    ...(tied ? { ties: { 'head.weight': 'target_embedding.weight' } } : {}),
    inspected: encoder.rnn,
    inputs: ['source', 'sourceLengths', 'previous'],
    baseline: Math.log(V),
    forward(_, { source, sourceLengths, previous, targets }) {
      const { scope } = source;
      const encoded = encode(scope, { source, sourceLengths });
      const mask = scope.gradients ? undefined : targetMask(scope, targets, V);
      const { logits, attention: weights } = run(
        scope,
        encoded.source,
        previous.tensor,
        encoded.initial,
        mask,
      );
      return {
        logits: new Sym(scope, logits),
        ...(weights ? { attention: new Sym(scope, weights) } : {}),
      };
    },
    loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets, { smoothing }),
    check(batch) {
      encoder.check(batch);
      checkIds(batch, { name: 'previous', symbols: V, noun: 'an id' });
      checkIds(batch, { name: 'targets', symbols: V, noun: 'an id' });
    },
    measured: ['logits'],
    measure: ({ logits }, { arrays: { targets } }) => ({ accuracy: countRight(logits, targets, V) }),
  });
  return {
    ...model,
    decoderStates: decoder.states,
    decoderHidden: H,
    targetSymbols: V,
    encode,
    decode: (scope, source, previous, states) => run(scope, source, previous, states),
  };
}

/** How checkpoints make an encoder–decoder again. */
export const encoderDecoderKind: ModelKind<EncoderDecoder> = {
  kind: ENCODER_DECODER_KIND,
  fromConfig: (config) => encoderDecoder(config as EncoderDecoderOptions),
};

const SOURCE_NAMES = {
  ids: 'source',
  lengths: 'sourceLengths',
  letter: 'S',
  embedding: 'source_embedding',
  layers: 'encoder',
} as const;

const FIELDS: EncoderDecoderFields = {
  source: { dtype: 'u32', shape: ['S', 'N'] },
  sourceLengths: { dtype: 'u32', shape: ['N'] },
  previous: { dtype: 'u32', shape: ['T', 'N'] },
  targets: { dtype: 'u32', shape: ['T', 'N'] },
};

function checkCombination({
  attention,
  context,
  inputFeeding,
  tied,
  W,
  H,
  E,
}: {
  readonly attention: DecoderAttention;
  readonly context: Context;
  readonly inputFeeding: boolean;
  readonly tied: boolean;
  readonly W: number;
  readonly H: number;
  readonly E: number;
}): void {
  if (attention === 'dot' && W !== H)
    throw new OptionError(
      'attention',
      attention,
      `"general" or "additive" where the encoder's outputs have ${W} features and the decoder's ${H}`,
    );
  if (attention === 'additive' && context !== 'initial')
    throw new OptionError(
      'context',
      context,
      '"initial" with additive attention, which joins a context of its own to every input',
    );
  if (inputFeeding && attention !== 'dot' && attention !== 'general')
    throw new OptionError('inputFeeding', true, 'false unless the attention is dot or general');
  if (tied && E !== H)
    throw new OptionError(
      'tied',
      true,
      `false unless the target's embedding (${E}) is as wide as hidden (${H})`,
    );
}

/** [T*N]: 1 where there is a target, 0 where it is padding. */
export function targetMask(scope: Scope, targets: Sym | undefined, V: number): Tensor | undefined {
  if (!targets) return undefined;
  const { builder } = scope;
  const [T, N] = targets.shape;
  const { y: ones } = builder.apply(ops.fill, scope.label('ones'), {}, { value: 1 }, { E: V });
  const { y } = builder.apply(ops.gather, scope.label('mask'), {
    weight: builder.view(ones, [V, 1]),
    ids: builder.view(targets.tensor, [T * N]),
  });
  return builder.view(y, [T * N]);
}
