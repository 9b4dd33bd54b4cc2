import { OptionError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { checkVocabulary, type Vocabulary } from '../data/vocabulary.js';
import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import { present, type CellKind, type Nonlinearity, type Reset } from './cells.js';
import { checkInitializer, torchDefault, type Initializer } from './initializers.js';
import { ParameterLayout } from './parameters.js';
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
} from './stack-options.js';
import { applyStack, type StackInspection } from './stack.js';

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

/**
 * Memory tensors of carried states belong to a use: training, sampling, probing gradients,
 * inspection and evaluation with so many rows each carry their own.
 */
export type StateUse = 'train' | 'sample' | 'probe' | 'inspect' | `evaluate.${number}`;

/** What a window is fed: see `CharModel.apply`. */
export interface CharModelInputs {
  /** u32 [T*N]; an id of V or more is the unknown symbol, whose input is the zero vector. */
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
export class CharModel {
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

  /**
   * Names of the carried states, each [N,H]. The backward direction carries none: it starts where
   * the next window begins.
   */
  get states(): string[] {
    return stackStates(this.#stack).filter((name) => !name.endsWith('_reverse'));
  }

  /** The memory tensors of the carried states of one use. */
  stateTensors(builder: GraphBuilder, use: StateUse, N: number): Record<string, Tensor> {
    return Object.fromEntries(
      this.states.map((name) => [
        name,
        builder.tensor('memory', carriedStateName(use, name), [N, this.config.hidden]),
      ]),
    );
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
    use: StateUse,
  ): Tensor {
    const { T, N } = window;
    const { ids, keep, key, lengths, inspect } = inputs;
    const { embedding } = this.config;
    const carried = this.stateTensors(builder, use, N);
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

/** Name of the memory tensor of a carried state. */
export function carriedStateName(use: StateUse, name: string): string {
  return `${use}.${name}`;
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

/** Refuses a model whose backward direction has read what it is to predict. */
export function readsNoFuture(model: CharModel): CharModel {
  if (model.config.bidirectional)
    throw new OptionError(
      'bidirectional',
      true,
      'false for a model of the next symbol: its backward direction would have read that symbol already',
    );
  return model;
}

/** What a caller or an older checkpoint may leave out, and then has. */
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
