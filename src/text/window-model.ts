import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import { present, type Tensor } from '../plan/tensor.js';
import { trueOrFalse, wholeNumber } from '../core/options.js';
import { EMBEDDING, ParameterLayout } from '../layers/parameters.js';
import { initialParameters, type Initializer } from '../layers/initializers.js';
import { CHAR_MODEL_NAMES, type ModuleNames } from '../layers/match-names.js';
import {
  checkStack,
  outputWidth,
  STACK_DEFAULTS,
  stackParameters,
  stackStates,
  type StackOptions,
} from '../layers/stack-options.js';
import { applyStack, type StackContext, type StackInspection } from '../layers/stack.js';
import type { Sizes } from '../train/batch.js';
import {
  carriedStates,
  crossEntropy,
  type Model,
  type ModelContext,
  type ModelGraph,
  type StackShape,
} from '../train/model.js';
import { WINDOW_FIELDS, type WindowBatch, type WindowFields } from './window-loader.js';

/** The network of a model of windows, without its symbols. */
export interface WindowModelConfig extends Omit<StackOptions, 'input' | 'merge' | 'pyramidal'> {
  /** Width of learned vectors that stand for the symbols; 0 for one-hot vectors. */
  readonly embedding: number;
  /** Whether the head has a bias. Default: as the layers have it. */
  readonly headBias?: boolean | undefined;
  readonly init: Initializer;
}

/** What a window is fed: see `WindowModel.apply`. */
export interface WindowInputs {
  /** u32 [T,N] or [T*N]; an id of V or more is the unknown symbol, whose input is the zero vector. */
  readonly ids: Tensor;
  /** `[N]`: 1 carries a row's state, 0 starts it anew. */
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
  /** Whether the layers use fused ops, whatever their form: see `ModelContext`. */
  readonly fusedCells?: boolean | undefined;
}

/**
 * A model of windows of symbols: one-hot symbol or embedding → recurrent layers → linear head →
 * logits over the symbols. Character models and language models are such models.
 */
export abstract class WindowModel<
  C extends WindowModelConfig = WindowModelConfig,
> implements Model<WindowFields> {
  abstract readonly kind: string;
  readonly fields = WINDOW_FIELDS;
  /** What `predict` and inspectors read: not the targets. */
  readonly inputs = ['inputs', 'keep'];
  /** The right symbol is the likeliest: see `measure`. */
  readonly measured = ['logits'];
  readonly layout: ParameterLayout;
  readonly #stack: StackOptions;

  /**
   * @param V number of symbols
   * @param tied whether the head has the matrix of the embedding
   * @throws OptionError for what makes no stack of layers
   */
  constructor(
    readonly V: number,
    readonly config: C,
    tied = false,
  ) {
    const { embedding, headBias = config.biases !== 'none' } = config;
    wholeNumber('embedding', embedding, 0);
    trueOrFalse('headBias', headBias);
    this.#stack = checkStack({ ...STACK_DEFAULTS, ...config, input: embedding || V });
    this.layout = new ParameterLayout(
      [
        ...(embedding > 0 ? [{ name: EMBEDDING, shape: [V, embedding] }] : []),
        ...stackParameters(this.#stack, 'rnn.', embedding === 0),
        ...(tied ? [] : [{ name: 'head.weight', shape: [V, outputWidth(this.#stack)] }]),
        ...(headBias ? [{ name: 'head.bias', shape: [V] }] : []),
      ],
      tied ? { 'head.weight': EMBEDDING } : {},
    );
  }

  /** L, D and H of the layers: see `StackOptions`. */
  get stack(): StackOptions {
    return this.#stack;
  }

  /** Whether a training step draws masks of dropout, and so needs the feed `key`. */
  get usesDropout(): boolean {
    return this.config.dropout > 0 || this.config.recurrentDropout > 0;
  }

  /** Mean loss of uniform guessing, in nats. */
  get baseline(): number {
    return Math.log(this.V);
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
    const { V } = this;
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
    const { builder, parameters, fields, sizes, use, key, inspect, fusedCells } = context;
    const { T, N } = sizes;
    const { inputs: ids, keep } = fields;
    const inputs = { ids, keep, key, inspect, fusedCells };
    const logits = this.apply(builder, parameters, { T, N }, inputs, use);
    const outputs = { logits: builder.view(logits, [T, N, this.V]) };
    if (context.mode === 'predict') return { outputs, losses: [] };
    return { outputs, losses: [crossEntropy(context, logits, builder.view(fields.targets, [T * N]))] };
  }

  /** `accuracy`: how many targets that count are the likeliest symbol. */
  measure(
    { logits }: Readonly<Record<string, Float32Array>>,
    { arrays: { targets } }: WindowBatch,
  ): { readonly accuracy: number } {
    const { V } = this;
    let accuracy = 0;
    for (const [r, target] of targets.entries())
      if (target < V && likeliest(logits, r * V, V) === target) accuracy++;
    return { accuracy };
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
    inputs: WindowInputs,
    use: string,
  ): Tensor {
    const { T, N } = window;
    const { ids, keep, key, lengths, inspect, fusedCells } = inputs;
    const carried = carriedStates(builder, this, use, { N });
    const fresh = this.#freshStates(builder, N);
    return this.logitsOf(builder, parameters, { T, N }, ids, {
      initial: { ...carried, ...fresh.initial },
      final: carried,
      keep: [keep, fresh.keep],
      key,
      lengths,
      inspect,
      fusedCells,
    });
  }

  /**
   * Applies the model to a window of ids, from and to given states.
   * @param ids u32 [T,N] or [T*N]
   * @returns logits [T*N,V]
   */
  protected logitsOf(
    builder: GraphBuilder,
    parameters: Readonly<Record<string, Tensor>>,
    { T, N }: { readonly T: number; readonly N: number },
    ids: Tensor,
    { fusedCells, ...states }: Omit<StackContext, 'prefix' | 'parameters'> & Pick<WindowInputs, 'fusedCells'>,
  ): Tensor {
    const { embedding } = this.config;
    const embedded =
      embedding > 0
        ? builder.apply(ops.gather, 'embedding', {
            weight: parameters[EMBEDDING],
            ids: builder.view(ids, [T * N]),
          }).y
        : undefined;
    const input = embedded ? { features: builder.view(embedded, [T, N, embedding]) } : { ids };
    const stack: StackOptions = fusedCells ? { ...this.#stack, form: 'fused' } : this.#stack;
    const { y } = applyStack(builder, stack, { T, N }, input, {
      ...states,
      prefix: 'rnn.',
      parameters,
    });
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

/** Index of the largest of `count` values from `start`, the first of equal ones. */
function likeliest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let v = 1; v < count; v++) if (values[start + v] > values[start + best]) best = v;
  return best;
}
