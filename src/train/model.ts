import { deviceArray, type DeviceArray, type DType } from '../core/arrays.js';
import { OptionError } from '../core/errors.js';
import { evaluateShape } from '../core/notation.js';
import type { ModuleNames } from '../layers/module-names.js';
import type { ParameterLayout } from '../layers/parameters.js';
import type { StackInspection } from '../layers/stack.js';
import { ops } from '../ops/index.js';
import type { Device, Memory } from '../plan/device.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import { checkBatch, type Batch, type Fields, type Sizes } from './batch.js';
import type { BatchMeasures } from './evaluation-measures.js';
import type { PredictionSource, Scale, Source } from './source.js';

/**
 * The loss of a batch: the sum of the losses of its targets, or that sum divided by `Batch.count`.
 */
export const LOSSES = ['mean', 'sum'] as const;
export type Loss = (typeof LOSSES)[number];

/** Input of `Model.build`. */
export interface ModelContext<F extends Fields = Fields> {
  readonly builder: GraphBuilder;
  /** Parameters by name, as the layout declares them. */
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** The batch's arrays as tensors, in the shapes of the fields. */
  readonly fields: { readonly [K in keyof F]: Tensor };
  readonly sizes: Sizes;
  /**
   * `train`: losses compute gradients, and dropout is on if `key` is given. `evaluate`: losses
   * without gradients. `predict`: no losses and no targets.
   */
  readonly mode: 'train' | 'evaluate' | 'predict';
  /** Prefix of the memory tensors in which this program carries states. */
  readonly use: string;
  /** The fields of `Model.drawn`, in a training step. */
  readonly drawn?: Readonly<Record<string, Tensor>> | undefined;
  /** u32 [2] = (seed, step) of dropout's random bits. Default: no dropout. */
  readonly key?: Tensor | undefined;
  /**
   * [1]: the number by which every loss must divide its gradient. It is `Batch.count`, or 1 where the
   * loss is a sum; in mixed precision divided by the factor of the loss. Absent: 1.
   */
  readonly count?: Tensor | undefined;
  /** Tensors that receive values to be read, such as dL/dh_t. */
  readonly inspect?: StackInspection | undefined;
  /**
   * Whether recurrent layers use fused ops even if their `form` is `general`. Both forms have the
   * same parameters and results, but only fused ops save the gates and states of each step. Default
   * false.
   */
  readonly fusedCells?: boolean | undefined;
}

/** Result of `Model.build`. */
export interface ModelGraph {
  /** Outputs by name: `logits`, `attention`, … */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Losses of single targets or rows, each [R]; 0 for padding. Their sum is reported. */
  readonly losses: readonly Tensor[];
}

/** Arrays that are drawn at random for each training step, such as masks of scheduled sampling. */
export interface DrawnFields {
  readonly fields: Fields;
  /** Draws the arrays of a step; equal arguments give equal arrays. Steps count from 1. */
  draw(step: {
    readonly seed: number;
    readonly step: number;
    readonly sizes: Sizes;
  }): Readonly<Record<string, DeviceArray>>;
}

/** Sizes of a model's recurrent stack whose state gradients can be measured. */
export interface StackShape {
  readonly layers: number;
  readonly directions: number;
  readonly hidden: number;
}

/**
 * A network that can be trained: the arrays that it reads, its parameters, and how to build its
 * graph.
 */
export interface Model<F extends Fields = Fields> {
  /**
   * Name of the kind of model. Checkpoints keep it, to find the `ModelKind` that makes the model.
   */
  readonly kind: string;
  /** Plain data from which the `ModelKind` can make the model again. */
  readonly config: object;
  /** The configuration that checkpoints keep. Default: `config`. */
  toConfig?(): object;
  /** Names, shapes and positions of the parameters. */
  readonly layout: ParameterLayout;
  /** The arrays that it reads from a batch. */
  readonly fields: F;
  /** Names of the fields that predictions read, without targets. Default: all. */
  readonly inputs?: readonly string[];
  /**
   * Shapes of the states that are carried from batch to batch, by name, in letters and numbers:
   * `{ h_l0: ['N', 100] }`. Default: none.
   */
  readonly states?: Readonly<Record<string, readonly (string | number)[]>>;
  /** Arrays that are drawn at random for each training step. Default: none. */
  readonly drawn?: DrawnFields;
  /** Whether a training step uses dropout. Default false. */
  readonly usesDropout?: boolean;
  /** Mean loss of guessing without a model, in nats. Default: unknown. */
  readonly baseline?: number;
  /** Lets loading rename weights of files. Default: files must have the model's names. */
  readonly moduleNames?: ModuleNames;
  /** The largest tensor of a batch of these sizes, such as its logits. Default: not checked. */
  largestTensor?(sizes: Sizes): { readonly elements: number; readonly what: string };
  /** The recurrent stack whose gradients can be inspected. Default: none. */
  readonly stackShape?: StackShape;
  /** The arena of initial parameters, [E]. */
  initialParameters(seed: number): Float32Array;
  /** Adds the model to a graph: applies ops to the context's tensors. */
  build(context: ModelContext<F>): ModelGraph;
  /** Names of `outputs` that `measure` reads. Default: none. */
  readonly measured?: readonly string[];
  /**
   * Measures of a batch, which evaluations add up. A number, such as the number of right answers,
   * is divided by the count; a `Measure` can be a ratio, a root or a table. Rows from `batch.rows`
   * on are padding. Default: none.
   */
  measure?(outputs: Readonly<Record<string, Float32Array>>, batch: Batch<F>): BatchMeasures;
  /** Names of the outputs that `read` needs. Default: none. */
  readonly predicted?: readonly string[];
  /**
   * Predictions in a user's terms, one for each row. Default: the model has no predictions.
   * @param batch the arrays of `inputs`, and the sizes
   * @param scales the scales of the fields, by which numbers were scaled
   */
  read?(
    outputs: Readonly<Record<string, Float32Array>>,
    batch: Pick<Batch, 'arrays' | 'sizes'>,
    scales: Readonly<Record<string, Scale>>,
  ): readonly unknown[];
  /**
   * Makes a source that reads records, from the columns of a checkpoint (see `Reading`). Default:
   * the caller of `predict` must pass a source.
   */
  predictionSource?(columns: readonly object[]): Promise<PredictionSource>;
  /**
   * Checks the contents of every batch, such as the range of labels. Shapes are checked before.
   * @throws DataError
   */
  checkBatch?(batch: Batch<F>): void;
  /**
   * Checks that a source with the right fields also has the right meaning, such as the vocabulary.
   * @throws DataError or OptionError
   */
  checkSource?(source: Source<F>): void;
}

/** Makes models of one kind from the configuration in a checkpoint. */
export interface ModelKind<M extends Model = Model> {
  readonly kind: string;
  /** @throws UnrolledError for a configuration that is not valid */
  fromConfig(config: object): M;
}

/** Continues sequences, with the parameters in a memory. */
export interface Writer<O = unknown> {
  /** Yields the text piece by piece. */
  stream(options: O): AsyncGenerator<string, void, void>;
  /** Number of random numbers that a call with these options draws. */
  drawn(options: O): number;
  dispose(): void;
}

/** A model that can continue sequences. */
export interface WritingModel<O> {
  openWriter(device: Device, memory: Memory): Promise<Writer<O>>;
}

/** Generates sequences from conditions C, with the parameters in a memory. */
export interface Generating<C = unknown, O = unknown, R = unknown> {
  generate(condition: C, options?: O): Promise<R>;
  /** Scales of the numbers of conditions, by field. Default: nothing is scaled. */
  scales?: Readonly<Record<string, Scale>>;
  dispose(): void;
}

/** A model that can generate sequences; see src/generate. */
export interface GeneratingModel<C = unknown, O = unknown, R = unknown> {
  openGenerator(device: Device, memory: Memory): Generating<C, O, R>;
}

/** Type of a model's generator; `never` for a model that does not generate. */
export type GeneratorOf<M> = M extends {
  openGenerator(device: Device, memory: Memory): infer G extends Generating;
}
  ? G
  : never;

/** Type of a generated result of a model. */
export type GeneratedOf<M> = Awaited<ReturnType<GeneratorOf<M>['generate']>>;

/**
 * Checks that a value is a model.
 * @throws OptionError for anything else, such as recurrent layers or the options of a model
 */
export function checkModel(model: unknown): asserts model is Model {
  const { layout, fields, build } = (
    typeof model === 'object' && model !== null ? model : {}
  ) as Partial<Model>;
  if (layout && fields && typeof build === 'function') return;
  throw new OptionError(
    'model',
    model,
    'a model, as charModel({ vocabulary }), taskModel({ vocabulary }) or defineModel(…) makes it',
  );
}

/** Checks shapes and contents of a batch for a model. @throws ShapeError or DataError */
export function checkBatchOf<F extends Fields>(model: Model<F>, batch: Batch<F>): void {
  checkBatch(model.fields, batch);
  model.checkBatch?.(batch);
}

/** Type of a model's fields. */
export type FieldsOf<M extends Model> = M['fields'];

/** Type of the options of `sample`; `never` for a model that does not write. */
export type WriteOptionsOf<M> = M extends WritingModel<infer O> ? O : never;

/** Name of the memory tensor of a carried state. */
export function carriedStateName(use: string, name: string): string {
  return `${use}.${name}`;
}

/**
 * Declares the memory tensors in which a program carries a model's states.
 * @param use prefix of names
 */
export function carriedStates(
  builder: GraphBuilder,
  { states = {} }: Pick<Model, 'states'>,
  use: string,
  sizes: Sizes,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(states).map(([name, shape]) => [
      name,
      builder.tensor('memory', carriedStateName(use, name), evaluateShape(shape.map(String), sizes)),
    ]),
  );
}

/** Arrays of zeros in the shapes of a model's fields, for timing kernels. */
export function emptyArrays(fields: Fields, sizes: Sizes): Record<string, ReturnType<typeof deviceArray>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { dtype, shape }]) => [
      name,
      deviceArray(
        dtype as DType,
        evaluateShape(shape.map(String), sizes).reduce((a, b) => a * b, 1),
      ),
    ]),
  );
}

/**
 * Cross-entropy of logits [R,V] with ids [R], in nats. A row whose id is V or more has the loss 0.
 * In training it overwrites the logits with their gradient.
 * @returns losses [R]
 */
export function crossEntropy(
  { builder, mode, count }: Pick<ModelContext, 'builder' | 'mode' | 'count'>,
  logits: Tensor,
  targets: Tensor,
  label = 'loss',
): Tensor {
  if (mode !== 'train')
    return builder.apply(ops.softmax_cross_entropy, label, { logits, targets }, { gradient: false }).loss;
  const tensors = count ? { logits, targets, count } : { logits, targets };
  return builder.apply(ops.softmax_cross_entropy, label, tensors).loss;
}
