import { OptionError } from '../core/errors.js';
import type { GenerationDefaults } from '../generate/model.js';
import { trueOrFalse } from '../core/options.js';
import { defineModel, type DefinedModel } from '../nn/define-model.js';
import { losses } from '../nn/losses.js';
import { nn } from '../nn/modules.js';
import type { Module } from '../nn/module.js';
import type { RecurrentModule } from '../nn/recurrent.js';
import type { Scope } from '../nn/scope.js';
import { Sym } from '../nn/sym.js';
import { ops } from '../ops/index.js';
import type { Tensor } from '../plan/tensor.js';
import type { Batch, Fields } from '../train/batch.js';
import { perplexityMeasure } from '../data/metrics/measures.js';
import { checkIds } from './checks.js';
import type { Decoder } from './decoder.js';
import type { Decoded, DecoderSource } from './decoder-parts.js';
import {
  checkTeacherForcing,
  FORCED_INPUTS,
  forcedInputs,
  mixInputs,
  type TeacherForcing,
} from './forcing.js';
import { labelLoss } from './label-loss.js';
import { countRight } from './labels.js';
import { pretrainedVectors, type SymbolInput, type SymbolSizes } from './symbols.js';

/** Options of all models that write symbols. */
export interface DecodingOptions {
  /** The symbols that the model writes. Their embedding is at least 1 wide. */
  readonly target: SymbolInput;
  /** Share of each target that is spread over all symbols. Default 0. */
  readonly smoothing?: number;
  /**
   * Whether the head shares the matrix of the target's embedding, which must be H wide. Default
   * false.
   */
  readonly tied?: boolean;
  /**
   * Share of right symbols among the inputs of the decoder in training; evaluations always use 1.
   * With a share below 1, training computes step by step, which is slower. Default 1.
   */
  readonly teacherForcing?: TeacherForcing;
  /** Defaults of `generate`. Default: greedy, at most 200 symbols. */
  readonly generation?: GenerationDefaults;
}

export const DECODING_OPTIONS = ['target', 'smoothing', 'tied', 'teacherForcing', 'generation'] as const;

/**
 * An encoded condition: the initial states of the decoder, and the tensors that its steps share.
 */
export interface EncodedSource {
  /** By name of `decoderStates`: initial states. Missing states are zero. */
  readonly initial: Readonly<Record<string, Tensor>>;
  readonly source: DecoderSource;
}

/** A model that writes symbols from a condition, step by step. */
export interface DecodingModel<F extends Fields = Fields> extends DefinedModel<F> {
  /** By name: the number of features of each state [N,·] of the decoder. */
  readonly decoderStates: Readonly<Record<string, number>>;
  /** V: number of ids that the decoder reads and writes. */
  readonly targetSymbols: number;
  /** The symbols that the model writes, and those of the condition if it has symbols. */
  readonly symbols: { readonly target: SymbolInput; readonly source?: SymbolInput };
  /** Names of the fields of the condition. */
  readonly condition: readonly string[];
  /** Reads the condition. @param fields those of the condition, by name */
  encode(scope: Scope, fields: Readonly<Record<string, Sym>>): EncodedSource;
  /**
   * u32 [N]: the number of positions of each row that the decoder attends to, from the lengths of
   * the condition. Undefined if all rows have all positions.
   */
  attended(scope: Scope, lengths: Tensor | undefined): Tensor | undefined;
  /**
   * Decodes a window, such as one step.
   * @param previous u32 [T,N]
   * @param states by name of `decoderStates`, before the window: those of `encode`, or the final
   *   states of an earlier window
   */
  decode(
    scope: Scope,
    source: DecoderSource,
    previous: Tensor,
    states: Readonly<Record<string, Tensor>>,
  ): Decoded;
}

/** The parts of a model that writes symbols. */
export interface DecodingParts extends Pick<
  DecodingModel,
  'kind' | 'config' | 'encode' | 'attended' | 'symbols'
> {
  readonly options: DecodingOptions;
  readonly sizes: SymbolSizes;
  /** Fields of the condition. */
  readonly condition: Fields;
  /** @throws DataError for a condition that cannot be read */
  readonly check: (batch: Batch) => void;
  /** Modules of the condition, in the order of their parameters. */
  readonly before: Readonly<Record<string, Module>>;
  /** Modules between the embedding and the decoder's layers. */
  readonly between: Readonly<Record<string, Module>>;
  /** Names of the embedding and of the decoder's layers. */
  readonly names: { readonly embedding: string; readonly layers: string };
  readonly decoder: Decoder;
  readonly inspected: RecurrentModule;
}

/** @throws OptionError */
export function decodingModel(parts: DecodingParts): DecodingModel {
  const { options, sizes, decoder, names, encode } = parts;
  const { V, E } = sizes;
  const { tied = false, teacherForcing = 1 } = options;
  trueOrFalse('tied', tied);
  checkTeacherForcing(teacherForcing);
  const H = decoder.rnn.stack.hidden;
  if (tied && E !== H)
    throw new OptionError(
      'tied',
      true,
      `false unless the target's embedding (${E}) is as wide as hidden (${H})`,
    );
  const { smoothing } = labelLoss(options, V);
  const vectors = pretrainedVectors('target', options.target, sizes);
  const embedding = nn.embedding(V, E, vectors && { start: vectors });
  /** Projects ids u32 [..] for the decoder: [..,G*H]. */
  const projectIds = (scope: Scope, ids: Tensor, weight?: Tensor): Tensor =>
    decoder.project(scope, embedding(new Sym(scope, ids)).tensor, weight);
  const fields: Fields = { ...parts.condition, ...TARGETS };
  const model = defineModel({
    kind: parts.kind,
    config: parts.config,
    fields,
    modules: {
      ...parts.before,
      [names.embedding]: embedding,
      ...parts.between,
      [names.layers]: decoder.rnn,
      ...decoder.modules,
    },
    ...(tied ? { ties: { 'head.weight': `${names.embedding}.weight` } } : {}),
    ...(teacherForcing === 1 ? {} : { drawn: forcedInputs(teacherForcing) }),
    inspected: parts.inspected,
    inputs: [...Object.keys(parts.condition), 'previous'],
    baseline: Math.log(V),
    forward(_, given, { [FORCED_INPUTS]: forced }) {
      const { previous, targets } = given;
      const { scope } = previous;
      const { source, initial } = encode(scope, given);
      const weight = forced && decoder.embeddingWeight(scope);
      const { logits, attention } = decoder.run(scope, source, {
        projected: projectIds(scope, previous.tensor, weight),
        initial,
        mask: scope.gradients ? undefined : targetMask(scope, targets, V),
        ...(forced ? { mix: mixInputs(forced.tensor, (ids) => projectIds(scope, ids, weight)) } : {}),
      });
      return {
        logits: new Sym(scope, logits),
        ...(attention ? { attention: new Sym(scope, attention) } : {}),
      };
    },
    loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets, { smoothing }),
    check(batch) {
      parts.check(batch);
      checkIds(batch, { name: 'previous', symbols: V, noun: 'an id' });
      checkIds(batch, { name: 'targets', symbols: V, noun: 'an id' });
    },
    measured: ['logits'],
    measure: ({ logits }, { arrays: { targets } }) => ({
      accuracy: countRight(logits, targets, V),
      perplexity: perplexityMeasure(),
    }),
  });
  return {
    ...model,
    decoderStates: decoder.states,
    targetSymbols: V,
    symbols: parts.symbols,
    condition: Object.keys(parts.condition),
    encode,
    attended: parts.attended,
    decode: (scope, source, previous, states) =>
      decoder.run(scope, source, { projected: projectIds(scope, previous), initial: states }),
  };
}

const TARGETS = {
  previous: { dtype: 'u32', shape: ['T', 'N'] },
  targets: { dtype: 'u32', shape: ['T', 'N'] },
} as const satisfies Fields;

/** `[T*N]`: 1 for a target, 0 for padding. */
function targetMask(scope: Scope, targets: Sym | undefined, V: number): Tensor | undefined {
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
