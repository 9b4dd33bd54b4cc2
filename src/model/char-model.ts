import { onlyKnown, wholeNumber } from '../core/options.js';
import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import type { Vocabulary } from '../data/vocabulary.js';
import type { CellKind, Nonlinearity } from './cells.js';
import { checkInitializer, torchDefault, type Initializer } from './initializers.js';
import { ParameterLayout } from './parameters.js';
import { applyStack, checkStack, stackParameters, stackStates, type Biases, type CellForm, type StackOptions } from './stack.js';

/** What `charModel` takes. */
export interface CharModelOptions {
  /** The symbols; V is its size. */
  readonly vocabulary: Vocabulary;
  /** Default `rnn`. */
  readonly cell?: CellKind;
  /** Default `tanh`. */
  readonly nonlinearity?: Nonlinearity;
  /** H. Default 100. */
  readonly hidden?: number;
  /** L. Default 1. */
  readonly layers?: number;
  /** Default `both`, as PyTorch has it. */
  readonly biases?: Biases;
  /** Default: uniform ±1/√H, as PyTorch has it. */
  readonly init?: Initializer;
  /** Default `fused`; `general` is slow and for comparisons. */
  readonly form?: CellForm;
}

/** A model's shape without its vocabulary: plain data, for checkpoints. */
export type CharModelConfig = Required<Omit<CharModelOptions, 'vocabulary'>>;

/** Memory tensors of carried states belong to a use: training, sampling and evaluation with so many rows each carry their own. */
export type StateUse = 'train' | 'sample' | `evaluate.${number}`;

/** What a window is fed: see `CharModel.apply`. */
export interface CharModelInputs {
  /** u32 [T*N]; an id of V or more is the unknown symbol, whose input is the zero vector. */
  readonly ids: Tensor;
  /** [N]: 1 carries a row's state, 0 starts it anew. */
  readonly keep: Tensor;
  /** u32 [2] = (seed, step) of dropout's random bits. Dropout is on exactly where it is given. */
  readonly key?: Tensor | undefined;
}

/** A character language model: one-hot symbol → recurrent layers → linear head → logits over the vocabulary. */
export class CharModel {
  readonly layout: ParameterLayout;
  readonly #stack: StackOptions;

  constructor(
    readonly vocabulary: Vocabulary,
    readonly config: CharModelConfig,
  ) {
    const V = vocabulary.size;
    this.#stack = checkStack({ ...config, input: V });
    this.layout = new ParameterLayout([
      ...stackParameters(this.#stack, 'rnn.', true),
      { name: 'head.weight', shape: [V, config.hidden] },
      ...(config.biases === 'none' ? [] : [{ name: 'head.bias', shape: [V] }]),
    ]);
  }

  /** Whether a training step draws masks of dropout, and so needs the feed `key`. */
  get usesDropout(): boolean {
    return false;
  }

  /** Names of the carried states, each [N,H]. */
  get states(): string[] {
    return stackStates(this.#stack);
  }

  /** The memory tensors of the carried states of one use. */
  stateTensors(builder: GraphBuilder, use: StateUse, N: number): Record<string, Tensor> {
    return Object.fromEntries(this.states.map((name) => [name, builder.tensor('memory', carriedStateName(use, name), [N, this.config.hidden])]));
  }

  /**
   * Applies the model to a window of ids. States are read from and written back to the memory tensors of `use`.
   * @returns logits [T*N,V]
   */
  apply(builder: GraphBuilder, parameters: Readonly<Record<string, Tensor>>, window: { readonly T: number; readonly N: number }, inputs: CharModelInputs, use: StateUse): Tensor {
    const { ids, keep } = inputs;
    const { T, N } = window;
    const states = this.stateTensors(builder, use, N);
    const outputs = applyStack(builder, this.#stack, window, { ids }, { prefix: 'rnn.', parameters, initial: states, final: states, keep });
    const x = builder.view(outputs, [T * N, this.config.hidden]);
    const bias = parameters['head.bias'];
    return builder.apply(ops.linear, 'head', { x, weight: parameters['head.weight'], ...(bias ? { bias } : {}) }).y;
  }
}

/** Name of the memory tensor of a carried state. */
export function carriedStateName(use: StateUse, name: string): string {
  return `${use}.${name}`;
}

/**
 * A character model over a vocabulary.
 * @throws OptionError for an option that is unknown or out of range
 */
export function charModel(options: CharModelOptions): CharModel {
  onlyKnown('model', options, ['vocabulary', 'cell', 'nonlinearity', 'hidden', 'layers', 'biases', 'init', 'form']);
  const hidden = wholeNumber('hidden', options.hidden ?? 100);
  return new CharModel(options.vocabulary, {
    cell: options.cell ?? 'rnn',
    nonlinearity: options.nonlinearity ?? 'tanh',
    hidden,
    layers: options.layers ?? 1,
    biases: options.biases ?? 'both',
    form: options.form ?? 'fused',
    init: checkInitializer(options.init ?? torchDefault(hidden)),
  });
}
