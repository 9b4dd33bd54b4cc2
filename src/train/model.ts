import { deviceArray, type DeviceArray, type DType } from '../core/arrays.js';
import { OptionError } from '../core/errors.js';
import { evaluateShape } from '../core/notation.js';
import type { ModuleNames } from '../layers/match-names.js';
import type { ParameterLayout } from '../layers/parameters.js';
import type { StackInspection } from '../layers/stack.js';
import { ops } from '../ops/index.js';
import type { Device, Memory } from '../plan/device.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import { checkBatch, type Batch, type Fields, type Sizes } from './batch.js';
import type { BatchMeasures } from './measure.js';
import type { PredictionSource, Scale, Source } from './source.js';

/**
 * Which sum of the losses of a batch is differentiated: the sum over its targets, or that divided
 * by the batch's count.
 */
export const LOSSES = ['mean', 'sum'] as const;
export type Loss = (typeof LOSSES)[number];

/** What a model gets while it builds its graph for given sizes. */
export interface ModelContext<F extends Fields = Fields> {
  readonly builder: GraphBuilder;
  /** By name, as the layout declares them. */
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** The batch's arrays as tensors, in the shapes of the fields. */
  readonly fields: { readonly [K in keyof F]: Tensor };
  readonly sizes: Sizes;
  /**
   * `train`: dropout is on where `key` is given, losses leave gradients. `evaluate`: neither.
   * `predict`: no loss either.
   */
  readonly mode: 'train' | 'evaluate' | 'predict';
  /** First part of the names of memory tensors that this program carries its states in. */
  readonly use: string;
  /** What `Model.drawn` names, in a step of training. */
  readonly drawn?: Readonly<Record<string, Tensor>> | undefined;
  /** u32 [2] = (seed, step) of dropout's random bits, where dropout is on. */
  readonly key?: Tensor | undefined;
  /** `[1]`: the batch's count, where the loss is a mean. Losses divide their gradients by it. */
  readonly count?: Tensor | undefined;
  /** Tensors that somebody wants to see, such as dL/dh_t. */
  readonly inspect?: StackInspection | undefined;
  /**
   * Whether recurrent layers must use their fused ops, whatever their `form`. Both forms have the same
   * parameters and results, but only fused ops save the gates and states of each step. Default false.
   */
  readonly fusedCells?: boolean | undefined;
}

/** What a model makes of a batch. */
export interface ModelGraph {
  /** By name: `logits`, `attention`, … */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Losses of single targets or rows, [R] each; 0 for what does not count. Their sum is reported. */
  readonly losses: readonly Tensor[];
}

/** Arrays that are drawn for each step of training, such as which inputs are the model's own. */
export interface DrawnFields {
  readonly fields: Fields;
  /** @param step from 1 */
  draw(step: {
    readonly seed: number;
    readonly step: number;
    readonly sizes: Sizes;
  }): Readonly<Record<string, DeviceArray>>;
}

/** A recurrent stack inside a model, whose state gradients can be measured. */
export interface StackShape {
  readonly layers: number;
  readonly directions: number;
  readonly hidden: number;
}

/**
 * A network that can be trained: which arrays it reads, its parameters, and its graph for given
 * sizes. `config` is plain data from which the model of the same `kind` can be made again.
 */
export interface Model<F extends Fields = Fields> {
  /** Names the function that makes the model from `config`, for checkpoints. */
  readonly kind: string;
  readonly config: object;
  /** What a checkpoint keeps for `ModelKind.fromConfig`. Default: `config`. */
  toConfig?(): object;
  readonly layout: ParameterLayout;
  readonly fields: F;
  /** Names of the fields that a prediction reads, which has no targets. Default: all. */
  readonly inputs?: readonly string[];
  /**
   * Shapes of the states that are carried from batch to batch, by name, in letters and numbers:
   * `{ h_l0: ['N', 100] }`. Default: none.
   */
  readonly states?: Readonly<Record<string, readonly (string | number)[]>>;
  /** Arrays that every step of training reads besides its batch. Default: none. */
  readonly drawn?: DrawnFields;
  /** Whether a training step draws masks of dropout. Default false. */
  readonly usesDropout?: boolean;
  /** Mean loss of guessing, in nats. Default: unknown. */
  readonly baseline?: number;
  /** How weights under other names are recognized. Default: they must have the model's names. */
  readonly moduleNames?: ModuleNames;
  /** The largest tensor of a batch of these sizes, such as its logits, in elements. */
  largestTensor?(sizes: Sizes): { readonly elements: number; readonly what: string };
  /** The recurrent stack, where the model has one. */
  readonly stackShape?: StackShape;
  /** The arena of parameters that training starts from. */
  initialParameters(seed: number): Float32Array;
  build(context: ModelContext<F>): ModelGraph;
  /** Names of `outputs` that `measure` reads. Default: none. */
  readonly measured?: readonly string[];
  /**
   * Measures of a batch, which evaluations add up: a number, such as how many answers are right, is
   * divided by the count; see `Measure` for others, such as a ratio, a root or a table. Rows behind
   * `batch.rows` are padding.
   */
  measure?(outputs: Readonly<Record<string, Float32Array>>, batch: Batch<F>): BatchMeasures;
  /** Names of the outputs that `read` needs. */
  readonly predicted?: readonly string[];
  /**
   * Predictions in a user's terms, one for each row.
   * @param batch the arrays of `inputs`, and the sizes
   * @param scales by which fields were scaled
   */
  read?(
    outputs: Readonly<Record<string, Float32Array>>,
    batch: Pick<Batch, 'arrays' | 'sizes'>,
    scales: Readonly<Record<string, Scale>>,
  ): readonly unknown[];
  /**
   * What reads records by the columns of a checkpoint, see `Reading`. Default: the caller of `predict`
   * gives a source.
   */
  predictionSource?(columns: readonly object[]): Promise<PredictionSource>;
  /**
   * Refuses a batch whose arrays have the right shapes, but hold what cannot be, such as a label out
   * of range. Called for every batch.
   * @throws DataError
   */
  checkBatch?(batch: Batch<F>): void;
  /**
   * Refuses a source whose arrays fit, but whose meaning does not, such as another vocabulary.
   * @throws DataError or OptionError
   */
  checkSource?(source: Source<F>): void;
}

/** How a checkpoint's model is made again. */
export interface ModelKind<M extends Model = Model> {
  readonly kind: string;
  /** @throws UnrolledError for a configuration that makes no model */
  fromConfig(config: object): M;
}

/** Continues sequences with the parameters in a memory. */
export interface Writer<O = unknown> {
  stream(options: O): AsyncGenerator<string, void, void>;
  /** How many random numbers a call with these options draws. */
  drawn(options: O): number;
  dispose(): void;
}

/** A model that can continue sequences. */
export interface WritingModel<O> {
  openWriter(device: Device, memory: Memory): Promise<Writer<O>>;
}

/** Generates sequences from conditions C with the parameters in a memory. */
export interface Generating<C = unknown, O = unknown, R = unknown> {
  generate(condition: C, options?: O): Promise<R>;
  /** By field, what the numbers of conditions are scaled by. Default: nothing is scaled. */
  scales?: Readonly<Record<string, Scale>>;
  dispose(): void;
}

/** A model that can generate sequences: see src/generate. */
export interface GeneratingModel<C = unknown, O = unknown, R = unknown> {
  openGenerator(device: Device, memory: Memory): Generating<C, O, R>;
}

/** The generator of a model that has one, of any other model none. */
export type GeneratorOf<M> = M extends {
  openGenerator(device: Device, memory: Memory): infer G extends Generating;
}
  ? G
  : never;

/** What `generate` gives, for a model that has it. */
export type GeneratedOf<M> = Awaited<ReturnType<GeneratorOf<M>['generate']>>;

/**
 * Refuses what is no model, such as recurrent layers on their own or a model's options.
 * @throws OptionError
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

/** Checks a batch's arrays against a model's fields, and what they hold. @throws ShapeError or DataError */
export function checkBatchOf<F extends Fields>(model: Model<F>, batch: Batch<F>): void {
  checkBatch(model.fields, batch);
  model.checkBatch?.(batch);
}

/** The fields of a model. */
export type FieldsOf<M extends Model> = M['fields'];

/** What a call of `sample` takes, for a model that can write. */
export type WriteOptionsOf<M> = M extends WritingModel<infer O> ? O : never;

/** Name of the memory tensor of a carried state. */
export function carriedStateName(use: string, name: string): string {
  return `${use}.${name}`;
}

/** Declares the memory tensors of a model's carried states of one use. */
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

/** Feeds of zeros in the shapes of a model's fields, as a timing of kernels needs them. */
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
 * Cross-entropy of logits [R,V] against ids [R]; an id of V or more leaves its row out. While
 * training, the gradient takes the place of the logits.
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
