import { OptionError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { ops } from '../ops/index.js';
import { GRADIENTS, PARAMETERS } from '../layers/parameters.js';
import type { StackInspection } from '../layers/stack.js';
import { differentiate } from '../plan/differentiate.js';
import type { Program } from '../plan/device.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';
import type { ProductPrecision } from '../plan/target.js';
import type { Tensor } from '../plan/tensor.js';
import { fieldShape, type Fields, type Sizes } from './batch.js';
import { LossScale } from './loss-scale.js';
import { groupParameters, groupRanges, type Grouping } from './parameter-groups.js';
import { checkModel, type Loss, type Model, type ModelContext, type ModelGraph } from './model.js';
import type { OptimizerSpec } from './optimizers.js';
import { appendUpdate, type ClipOptions } from './update.js';

/** Names of feeds that a training graph may have besides the model's fields. */
export const COUNT = 'count';
export const KEY = 'key';

/** Names of reports and outputs of the graphs below. */
export const TOTAL_LOSS = 'loss';
export const PARAMETER_GRADIENTS = 'gradients.probe';

/** Memory tensor in which the gradients of micro-batches are added up. */
const GRADIENT_SUM = 'gradients.sum';

/**
 * Part of a training step: the whole step, or one of several micro-batches. `first` and `next` add
 * up gradients in memory; `last` adds its own and updates the parameters.
 */
export type StepPart = 'whole' | 'first' | 'next' | 'last';

/** Options of `trainingGraph`. */
export interface TrainingGraphOptions {
  readonly sizes: Sizes;
  readonly loss: Loss;
  readonly clip: ClipOptions;
  /** Optimizer of all parameters. For groups and frozen parameters use `grouping` instead. */
  readonly optimizer?: OptimizerSpec;
  readonly grouping?: Grouping;
  /** Default `whole`. */
  readonly part?: StepPart;
  /** Precision of the operands of products. With half precision the loss is scaled. Default: single. */
  readonly precision?: ProductPrecision;
}

/**
 * The graph of one training step: forward, loss, backward, clipping, update.
 * Feeds: the model's fields; `count` [1] if the loss is a mean; `hyper` [4] for each group (see
 * `hyperName`); `key` u32 [2] = (seed, step) if the model uses dropout.
 * Report: `report` [4], see the op step_summary; for micro-batches before the last `loss` [1].
 * Memory: parameters, gradients, optimizer state, carried states; `loss_scale` [2] if the precision is
 * not single.
 * @throws OptionError if neither `optimizer` nor `grouping` is given
 */
export function trainingGraph(model: Model, options: TrainingGraphOptions): Graph {
  checkModel(model);
  const { sizes, loss, clip, optimizer, part = 'whole', precision = 'single' } = options;
  const grouping = options.grouping ?? groupParameters(model.layout, optimizer ?? []);
  const builder = new GraphBuilder(precision);
  const { context, parameters } = declareModel(builder, model, sizes, { loss, mode: 'train', use: 'train' });
  const arena = builder.get(PARAMETERS);
  const gradients = builder.tensor('memory', GRADIENTS, arena.shape);
  const lossScale = precision === 'single' ? undefined : new LossScale(builder);
  const built = model.build(lossScale ? { ...context, count: lossScale.count(context.count) } : context);
  const losses = joinLosses(builder, built);
  const wanted = grouping.groups.flatMap((group) => group.parameters.map((name) => parameters[name]));
  differentiate(builder, { ops, wanted, targets: { [arena.name]: gradients } });
  const sum = part === 'whole' ? gradients : addUp(builder, gradients, part);
  if (part === 'first' || part === 'next') {
    reportSum(builder, losses);
    return builder.graph;
  }
  appendUpdate(builder, {
    ops,
    parameters: arena,
    gradients: sum,
    loss: losses,
    optimizers: grouping.groups.map((group) => group.optimizer),
    ranges: groupRanges(model.layout, grouping),
    clip,
    lossScale,
  });
  return builder.graph;
}

/**
 * The graph of the loss of a batch, without gradients and without dropout. Feeds: the model's
 * fields. Report: `loss` [1], the sum over the batch's targets.
 * @param options kept: names of the model's outputs that can be read. Default: none
 */
export function evaluationGraph(
  model: Model,
  { sizes, kept = [] }: { readonly sizes: Sizes; readonly kept?: readonly string[] },
): Graph {
  checkModel(model);
  const builder = new GraphBuilder();
  // Each number of rows has carried states of its own.
  const use = `evaluate.${sizes.N ?? ''}`;
  const { context } = declareModel(builder, model, sizes, { loss: 'sum', mode: 'evaluate', use });
  const built = model.build(context);
  for (const name of kept) keepOutput(builder, name, built);
  reportSum(builder, joinLosses(builder, built));
  return builder.graph;
}

/**
 * The graph of a model's outputs without targets. Feeds: the model's `inputs`.
 * @param options kept: names of the model's outputs that can be read
 */
export function predictionGraph(
  model: Model,
  { sizes, kept }: { readonly sizes: Sizes; readonly kept: readonly string[] },
): Graph {
  const builder = new GraphBuilder();
  const { inputs = Object.keys(model.fields) } = model;
  const fields = Object.fromEntries(inputs.map((name) => [name, model.fields[name]]));
  const use = `predict.${sizes.N ?? ''}`;
  const { context } = declareModel(builder, model, sizes, { loss: 'sum', mode: 'predict', use, fields });
  const built = model.build(context);
  for (const name of kept) keepOutput(builder, name, built);
  return builder.graph;
}

/** Name of the output of `gradientGraph` with the gradient of a field. */
export function fieldGradient(name: string): string {
  return `${name}.gradient`;
}

/**
 * The graph of forward, loss and backward, without an update and without dropout.
 * Outputs: the gradients of all parameters (PARAMETER_GRADIENTS), the gradients of `inputs` (names
 * by `fieldGradient`), and tensors that `inspect` declares.
 */
export function gradientGraph(
  model: Model,
  options: {
    readonly sizes: Sizes;
    readonly loss: Loss;
    /** Names of f32 fields whose gradients are wanted. Default: none. */
    readonly inputs?: readonly string[];
    readonly inspect?: (builder: GraphBuilder) => StackInspection;
  },
): Graph {
  const { sizes, loss, inputs = [], inspect } = options;
  const builder = new GraphBuilder();
  const { context, parameters } = declareModel(builder, model, sizes, { loss, mode: 'train', use: 'probe' });
  model.build({ ...context, key: undefined, inspect: inspect?.(builder) });
  const arena = builder.get(PARAMETERS);
  const gradients = builder.tensor('output', PARAMETER_GRADIENTS, arena.shape);
  const fields = inputs.map((name) => context.fields[name]);
  const ofFields = fields.map(({ name, shape }) => [
    name,
    builder.tensor('output', fieldGradient(name), shape),
  ]);
  differentiate(builder, {
    ops,
    wanted: [...Object.values(parameters), ...fields],
    targets: { [arena.name]: gradients, ...(Object.fromEntries(ofFields) as Record<string, Tensor>) },
  });
  return builder.graph;
}

/** Declares the feeds and parameters of a model in a graph. */
export function declareModel(
  builder: GraphBuilder,
  model: Model,
  sizes: Sizes,
  {
    loss,
    mode,
    use,
    fields: declared = model.fields,
  }: {
    readonly loss: Loss;
    readonly mode: ModelContext['mode'];
    readonly use: string;
    readonly fields?: Fields;
  },
): { readonly context: ModelContext; readonly parameters: Readonly<Record<string, Tensor>> } {
  const fields = declareFields(builder, declared, sizes);
  const dropout = mode === 'train' && use === 'train' && model.usesDropout === true;
  const drawn = use === 'train' && mode === 'train' && model.drawn ? model.drawn.fields : {};
  const draws = declareFields(builder, drawn, sizes);
  const key = dropout ? builder.tensor('feed', KEY, [2], 'u32') : undefined;
  const count = mode === 'train' && loss === 'mean' ? builder.tensor('feed', COUNT, [1]) : undefined;
  const parameters = model.layout.declare(builder);
  return {
    context: { builder, parameters, fields, sizes, mode, use, key, count, drawn: draws },
    parameters,
  };
}

function declareFields(builder: GraphBuilder, fields: Fields, sizes: Sizes): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      builder.tensor('feed', name, fieldShape(field, sizes), field.dtype),
    ]),
  );
}

/**
 * Copies an output of the model to a tensor that can be read.
 * @throws OptionError for an unknown name
 */
export function keepOutput(builder: GraphBuilder, name: string, { outputs }: ModelGraph): void {
  if (!Object.hasOwn(outputs, name))
    throw new OptionError('output', name, `one of the model's outputs ${Object.keys(outputs).join(', ')}`);
  const output = outputs[name];
  const width = output.shape.at(-1) ?? 1;
  const shape = [elementCount(output.shape) / width, width];
  const y = builder.view(builder.tensor('output', name, output.shape), shape);
  builder.apply(ops.slice, name, { x: builder.view(output, shape), y });
}

/** Reads outputs of a program by their names, in the order of `names`. All of them are f32. */
export async function readOutputs(
  program: Program,
  names: readonly string[],
): Promise<Record<string, Float32Array>> {
  const outputs: Record<string, Float32Array> = {};
  for (const name of names) outputs[name] = (await program.read(name)) as Float32Array;
  return outputs;
}

/** The model's losses as one tensor. Several losses are added up to their sum [1]. */
function joinLosses(builder: GraphBuilder, { losses }: ModelGraph): Tensor {
  if (losses.length === 1) {
    const [loss] = losses;
    return loss.shape.length === 1 ? loss : builder.view(loss, [elementCount(loss.shape)]);
  }
  return losses
    .map((loss, i) => builder.apply(ops.sum_rows, `loss.${i}`, { x: asColumn(builder, loss) }).y)
    .reduce((sum, loss, i) => builder.apply(ops.add, `loss.sum${i}`, { a: sum, b: loss }).y);
}

function reportSum(builder: GraphBuilder, losses: Tensor): void {
  builder.apply(ops.sum_rows, 'total', {
    x: asColumn(builder, losses),
    y: builder.tensor('report', TOTAL_LOSS, [1]),
  });
}

function asColumn(builder: GraphBuilder, losses: Tensor): Tensor {
  return builder.view(losses, [elementCount(losses.shape), 1]);
}

/** Adds the gradients of a micro-batch to the sum. @returns the sum */
function addUp(builder: GraphBuilder, gradients: Tensor, part: StepPart): Tensor {
  const sum = builder.tensor('memory', GRADIENT_SUM, gradients.shape);
  if (part === 'first') {
    const row = [1, elementCount(gradients.shape)];
    builder.apply(ops.slice, 'gradients.copy', {
      x: builder.view(gradients, row),
      y: builder.view(sum, row),
    });
  } else builder.apply(ops.add_into, 'gradients.add', { x: gradients, sum });
  return sum;
}
