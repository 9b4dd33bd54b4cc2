import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import { present, type Tensor } from '../plan/tensor.js';
import { trueOrFalse, wholeNumber } from '../core/options.js';
import { EMBEDDING, ParameterLayout } from '../layers/parameters.js';
import { initialParameters, type Initializer } from '../layers/initializers.js';
import { CHAR_MODEL_NAMES, type ModuleNames } from '../layers/module-names.js';
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

/** The options of a model of windows, without its symbols. */
export interface WindowModelConfig extends Omit<StackOptions, 'input' | 'merge' | 'pyramidal'> {
  /** Width of the learned vectors of the symbols. 0: one-hot vectors. */
  readonly embedding: number;
  /** Whether the head has a bias. Default: as the layers. */
  readonly headBias?: boolean | undefined;
  readonly init: Initializer;
}

/** Inputs of `WindowModel.apply`. */
export interface WindowInputs {
  /**
   * u32 [T,N] or [T*N]; an id of V or more is the unknown symbol, whose input is the zero vector.
   */
  readonly ids: Tensor;
  /** `[N]`: 1 carries the state of a row over, 0 starts it again. */
  readonly keep: Tensor;
  /** u32 [2] = (seed, step) of the random bits of dropout. Without it there is no dropout. */
  readonly key?: Tensor | undefined;
  /**
   * u32 [N]: number of symbols of each row, 1 to T. The outputs of padded steps are zero, so their
   * logits are the bias of the head. Leave them out of the loss.
   */
  readonly lengths?: Tensor | undefined;
  /** Tensors to expose for inspection, such as dL/dh_t. */
  readonly inspect?: StackInspection | undefined;
  /** Whether the layers use fused ops in spite of their form; see `ModelContext`. */
  readonly fusedCells?: boolean | undefined;
}

/**
 * Base class of character models and language models: one-hot symbol or embedding → recurrent
 * layers → linear head → logits over the symbols.
 */
export abstract class WindowModel<
  C extends WindowModelConfig = WindowModelConfig,
> implements Model<WindowFields> {
  abstract readonly kind: string;
  readonly fields = WINDOW_FIELDS;
  /** The fields that `predict` and inspectors read. */
  readonly inputs = ['inputs', 'keep'];
  /** The outputs that `measure` reads. */
  readonly measured = ['logits'];
  readonly layout: ParameterLayout;
  readonly #stack: StackOptions;

  /**
   * @param V number of symbols
   * @param tied whether the head shares the matrix of the embedding
   * @throws OptionError for an option that is out of range
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

  /** The options of the layers. */
  get stack(): StackOptions {
    return this.#stack;
  }

  /** Whether training uses dropout, which needs the feed `key`. */
  get usesDropout(): boolean {
    return this.config.dropout > 0 || this.config.recurrentDropout > 0;
  }

  /** Mean loss of uniform guessing, in nats. */
  get baseline(): number {
    return Math.log(this.V);
  }

  /**
   * By name: the shapes of carried states. The backward direction carries none, because it starts
   * at the end of a window.
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

  /** `accuracy`: the number of known targets that are the likeliest symbol. */
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
   * Applies the model to a window of ids. Reads the states from the memory tensors of `use` and
   * writes them back.
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
   * Applies the model to a window of ids, with given initial and final states.
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
   * Initial states of the backward direction: zeros in every window. They are input tensors without
   * a writer, which are zero.
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

/** Index, from `start`, of the largest of `count` values; of equal ones the first. */
function likeliest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let v = 1; v < count; v++) if (values[start + v] > values[start + best]) best = v;
  return best;
}
