import { onlyKnown, wholeNumber } from '../core/options.js';
import { checkSameSymbols } from './check-source.js';
import { checkVocabulary, Vocabulary } from './vocabulary.js';
import { WINDOW_FIELDS, type SymbolSource, type WindowBatch, type WindowFields } from './window-loader.js';
import { readsNoFuture, Sampler, type SampleOptions } from './sampler.js';
import { ops } from '../ops/index.js';
import type { Device, Memory } from '../plan/device.js';
import type { GraphBuilder } from '../plan/graph.js';
import { present, type Tensor } from '../plan/tensor.js';
import type { Nonlinearity, Reset } from '../cells/cell-facts.js';
import type { CellKind } from '../cells/facts.js';
import type { Sizes } from '../train/batch.js';
import {
  carriedStates,
  crossEntropy,
  type Model,
  type ModelContext,
  type ModelGraph,
  type ModelKind,
  type StackShape,
  type WritingModel,
} from '../train/model.js';
import type { Source } from '../train/source.js';
import {
  checkInitializer,
  initialParameters,
  torchDefault,
  type Initializer,
} from '../layers/initializers.js';
import { CHAR_MODEL_NAMES, type ModuleNames } from '../layers/match-names.js';
import { ParameterLayout } from '../layers/parameters.js';
import {
  checkStack,
  outputWidth,
  STACK_DEFAULTS,
  stackParameters,
  stackStates,
  type Biases,
  type CellForm,
  type InitialState,
  type StackOptions,
  trueOrFalse,
  withDefaults,
} from '../layers/stack-options.js';
import { applyStack, type StackInspection } from '../layers/stack.js';

/** What `charModel` takes. */
export interface CharModelOptions {
  /** The symbols; V is its size. */
  readonly vocabulary: Vocabulary;
  /** Default `rnn`. */
  readonly cell?: CellKind;
  /** Of the cell `rnn`. Default `tanh`. */
  readonly nonlinearity?: Nonlinearity;
  /** Of the cell `gru`. Default `after`, as PyTorch has it. */
  readonly reset?: Reset;
  /** H. Default 100. */
  readonly hidden?: number;
  /** L. Default 1. */
  readonly layers?: number;
  /** Default `both`, as PyTorch has it. */
  readonly biases?: Biases;
  /**
   * Whether the head has a bias. Default: as the layers have it. PyTorch's modules choose it apart:
   * nn.LSTM(bias=False) beside a plain nn.Linear.
   */
  readonly headBias?: boolean;
  /** Share of every layer's outputs but the last's that is dropped in training. Default 0. */
  readonly dropout?: number;
  /**
   * Share of the state that is dropped where it enters the recurrent product, in training; one mask
   * per window. Default 0.
   */
  readonly recurrentDropout?: number;
  /**
   * Whether the layers read the window in both directions: for tasks that label whole sequences,
   * never to predict the next symbol. Default false.
   */
  readonly bidirectional?: boolean;
  /**
   * Width of learned vectors that stand for the symbols, as torch.nn.Embedding has them; 0, the
   * default, for one-hot vectors.
   */
  readonly embedding?: number;
  /** What a text starts from. Default `zero`. */
  readonly initialState?: InitialState;
  /** Default: uniform in ±1/√H, and the embedding from N(0, 1), as PyTorch has them. */
  readonly init?: Initializer;
  /** Default `fused`; `general` is slow and for comparisons. */
  readonly form?: CellForm;
}

/** A model's shape without its vocabulary: plain data, for checkpoints. */
export type CharModelConfig = Required<Omit<CharModelOptions, 'vocabulary' | 'headBias'>> &
  Pick<CharModelOptions, 'headBias'>;

/** `kind` of character models in checkpoints. */
export const CHAR_MODEL_KIND = 'char-model';

/** What a window is fed: see `CharModel.apply`. */
export interface CharModelInputs {
  /** u32 [T,N] or [T*N]; an id of V or more is the unknown symbol, whose input is the zero vector. */
  readonly ids: Tensor;
  /** [N]: 1 carries a row's state, 0 starts it anew. */
  readonly keep: Tensor;
  /** u32 [2] = (seed, step) of dropout's random bits. Dropout is on exactly where it is given. */
  readonly key?: Tensor | undefined;
  /**
   * u32 [N]: symbols of each row, 1 to T. The outputs of padded steps are zero, so their logits are
   * the head's bias: leave them out of the loss.
   */
  readonly lengths?: Tensor | undefined;
  /** Tensors that somebody wants to see, such as dL/dh_t. */
  readonly inspect?: StackInspection | undefined;
}

/**
 * A character model: one-hot symbol or embedding → recurrent layers → linear head → logits over the
 * vocabulary.
 */
export class CharModel implements Model<WindowFields>, WritingModel<SampleOptions> {
  readonly kind = CHAR_MODEL_KIND;
  readonly fields = WINDOW_FIELDS;
  /** The right symbol is the likeliest: see `measure`. */
  readonly measured = ['logits'];
  readonly layout: ParameterLayout;
  readonly #stack: StackOptions;

  /** @throws OptionError for what makes no stack of layers */
  constructor(
    readonly vocabulary: Vocabulary,
    readonly config: CharModelConfig,
  ) {
    checkVocabulary(vocabulary);
    const V = vocabulary.size;
    const { embedding, headBias = config.biases !== 'none' } = config;
    wholeNumber('embedding', embedding, 0);
    trueOrFalse('headBias', headBias);
    this.#stack = checkStack({ ...STACK_DEFAULTS, ...config, input: embedding || V });
    this.layout = new ParameterLayout([
      ...(embedding > 0 ? [{ name: 'embedding.weight', shape: [V, embedding] }] : []),
      ...stackParameters(this.#stack, 'rnn.', embedding === 0),
      { name: 'head.weight', shape: [V, outputWidth(this.#stack)] },
      ...(headBias ? [{ name: 'head.bias', shape: [V] }] : []),
    ]);
  }

  /** L, D and H of the layers: see `StackOptions`. */
  get stack(): StackOptions {
    return this.#stack;
  }

  /** Whether a training step draws masks of dropout, and so needs the feed `key`. */
  get usesDropout(): boolean {
    return this.config.dropout > 0 || this.config.recurrentDropout > 0;
  }

  toConfig(): CharModelConfig & { readonly symbols: readonly string[] } {
    return { ...this.config, symbols: this.vocabulary.symbols };
  }

  /** Mean loss of uniform guessing, in nats. */
  get baseline(): number {
    return Math.log(this.vocabulary.size);
  }

  /**
   * Shapes of the carried states by name. The backward direction carries none: it starts where the
   * next window begins.
   */
  get states(): Readonly<Record<string, readonly ['N', number]>> {
    const names = stackStates(this.#stack).filter((name) => !name.endsWith('_reverse'));
    return Object.fromEntries(names.map((name) => [name, ['N', this.config.hidden] as const]));
  }

  get moduleNames(): ModuleNames {
    return CHAR_MODEL_NAMES;
  }

  largestTensor({ T, N }: Sizes): { readonly elements: number; readonly what: string } {
    const V = this.vocabulary.size;
    return { elements: T * N * V, what: `its logits over ${V} symbols` };
  }

  get stackShape(): StackShape {
    const { layers, bidirectional, hidden } = this.config;
    return { layers, directions: bidirectional ? 2 : 1, hidden };
  }

  initialParameters(seed: number): Float32Array {
    return initialParameters(this.layout, this.config.init, seed);
  }

  build(context: ModelContext<WindowFields>): ModelGraph {
    const { builder, parameters, fields, sizes, use, key, inspect } = context;
    const { T, N } = sizes;
    const { inputs: ids, keep } = fields;
    const logits = this.apply(builder, parameters, { T, N }, { ids, keep, key, inspect }, use);
    if (context.mode === 'predict') return { outputs: { logits }, losses: [] };
    const loss = crossEntropy(context, logits, builder.view(fields.targets, [T * N]));
    return { outputs: { logits }, losses: [loss] };
  }

  /** `accuracy`: how many targets that count are the likeliest symbol. */
  measure(
    { logits }: Readonly<Record<string, Float32Array>>,
    { arrays: { targets } }: WindowBatch,
  ): { readonly accuracy: number } {
    const V = this.vocabulary.size;
    let accuracy = 0;
    for (const [r, target] of targets.entries())
      if (target < V && likeliest(logits, r * V, V) === target) accuracy++;
    return { accuracy };
  }

  /**
   * @throws DataError for a source with other symbols, OptionError for a text where the model reads
   *   backwards
   */
  checkSource(source: Source<WindowFields>): void {
    const { vocabulary, targets, name } = source as Partial<SymbolSource>;
    if (targets === 'next') readsNoFuture(this);
    if (vocabulary) checkSameSymbols(this.vocabulary, vocabulary, name ?? 'the text');
  }

  /** @throws OptionError for a bidirectional model, which cannot continue anything */
  openWriter(device: Device, memory: Memory): Promise<Sampler> {
    return Sampler.create(this, device, memory);
  }

  /**
   * Applies the model to a window of ids. States are read from and written back to the memory
   * tensors of `use`.
   * @returns logits [T*N,V]
   */
  apply(
    builder: GraphBuilder,
    parameters: Readonly<Record<string, Tensor>>,
    window: { readonly T: number; readonly N: number },
    inputs: CharModelInputs,
    use: string,
  ): Tensor {
    const { T, N } = window;
    const { ids, keep, key, lengths, inspect } = inputs;
    const { embedding } = this.config;
    const carried = carriedStates(builder, this, use, { N });
    const fresh = this.#freshStates(builder, N);
    const embedded =
      embedding > 0
        ? builder.apply(ops.gather, 'embedding', {
            weight: parameters['embedding.weight'],
            ids: builder.view(ids, [T * N]),
          }).y
        : undefined;
    const { y } = applyStack(
      builder,
      this.#stack,
      window,
      embedded ? { features: builder.view(embedded, [T, N, embedding]) } : { ids },
      {
        prefix: 'rnn.',
        parameters,
        initial: { ...carried, ...fresh.initial },
        final: carried,
        keep: [keep, fresh.keep],
        key,
        lengths,
        inspect,
      },
    );
    const x = builder.view(y, [T * N, outputWidth(this.#stack)]);
    return builder.apply(
      ops.linear,
      'head',
      present({ x, weight: parameters['head.weight'], bias: parameters['head.bias'] }),
    ).y;
  }

  /**
   * What the backward direction starts from in every window: tensors that nobody writes to, and so
   * are zero.
   */
  #freshStates(
    builder: GraphBuilder,
    N: number,
  ): { readonly initial: Record<string, Tensor>; readonly keep: Tensor | undefined } {
    if (!this.config.bidirectional) return { initial: {}, keep: undefined };
    const names = stackStates(this.#stack).filter((name) => name.endsWith('_reverse'));
    return {
      initial: Object.fromEntries(
        names.map((name) => [name, builder.tensor('input', `zero.${name}`, [N, this.config.hidden])]),
      ),
      keep: builder.tensor('input', 'zero.keep', [N]),
    };
  }
}

/**
 * A language model over a vocabulary, which predicts the next symbol.
 * @throws OptionError for an option that is unknown or out of range
 */
export function charModel(options: CharModelOptions): CharModel {
  return readsNoFuture(taskModel(options));
}

/**
 * A model of a task, whose targets are not its next inputs: it may be bidirectional. Such a model
 * can neither be trained on a text nor continue one.
 * @throws OptionError for an option that is unknown or out of range
 */
export function taskModel(options: CharModelOptions): CharModel {
  onlyKnown('model', options, ['vocabulary', ...Object.keys(CHAR_MODEL_DEFAULTS), 'headBias', 'init']);
  const { vocabulary, ...given } = options;
  const config = withDefaults(CHAR_MODEL_DEFAULTS, given);
  const { cell, biases } = config;
  return new CharModel(vocabulary, {
    ...config,
    init: checkInitializer(given.init ?? torchDefault(wholeNumber('hidden', config.hidden)), cell, biases),
  });
}

/** How checkpoints make a character model again. */
export const charModelKind: ModelKind<CharModel> = {
  kind: CHAR_MODEL_KIND,
  fromConfig: (config) => {
    const { symbols, ...options } = config as CharModelConfig & { readonly symbols: readonly string[] };
    return taskModel({ ...options, vocabulary: Vocabulary.fromSymbols(symbols) });
  },
};

/** Defaults, also of what an older checkpoint leaves out. */
export const CHAR_MODEL_DEFAULTS = {
  cell: 'rnn',
  nonlinearity: 'tanh',
  reset: 'after',
  hidden: 100,
  layers: 1,
  biases: 'both',
  dropout: 0,
  recurrentDropout: 0,
  bidirectional: false,
  embedding: 0,
  initialState: 'zero',
  form: 'fused',
} as const satisfies Partial<CharModelConfig>;

/** Index of the largest of `count` values from `start`, the first of equal ones. */
function likeliest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let v = 1; v < count; v++) if (values[start + v] > values[start + best]) best = v;
  return best;
}
