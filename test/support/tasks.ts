import { ReferenceDevice } from '../../src/reference/device.js';
import type { ReferenceMemory } from '../../src/reference/tensors.js';
import type { Model } from '../../src/graph.js';
import type { Batch, Device, Sizes, StateDict } from '../../src/index.js';
import { PARAMETERS } from '../../src/layers/parameters.js';
import { ops } from '../../src/ops/index.js';
import { differentiate } from '../../src/plan/differentiate.js';
import { GraphBuilder, type Graph } from '../../src/plan/graph.js';
import { parametersOnDevice } from '../../src/layers/parameters-on-device.js';
import {
  COUNT,
  declareModel,
  evaluationGraph,
  gradientGraph,
  PARAMETER_GRADIENTS,
  TOTAL_LOSS,
} from '../../src/train/training-graph.js';
import {
  gradientsOnBatch,
  outputsOnBatch,
  withParameters,
  type ModelOutputs,
} from '../../src/verify/model-run.js';
import { normals } from './layers.js';

export { raggedBatch } from '../../src/verify/ragged-batch.js';

/** Outputs, mean loss and gradients of a model on a batch. */
export interface ModelRun extends ModelOutputs {
  readonly gradients: StateDict;
}

/** Runs a model on a device. @param kept names of the outputs to read */
export async function runOnBatch(
  model: Model,
  device: Device,
  parameters: StateDict,
  batch: Batch,
  kept: readonly string[],
): Promise<ModelRun> {
  return withParameters(model, parameters, device, async (memory) => ({
    ...(await outputsOnBatch(model, batch, device, memory, kept)),
    gradients: (await gradientsOnBatch(model, batch, device, memory)).parameters,
  }));
}

/** Returns weights for tests, larger than initial weights. */
export function someParameters(model: Model, scale = 0.5): StateDict {
  const values = model.layout.specs.map(({ name, shape }, i) => {
    const data = normals(
      50 + i,
      shape.reduce((a, b) => a * b, 1),
      scale,
    );
    return [name, { shape, data }] as const;
  });
  return Object.fromEntries(values);
}

/** A gradient element from backward and from central differences. */
export interface ParameterPair {
  readonly name: string;
  readonly backward: number;
  readonly differences: number;
}

/** Options of `parameterPairs`. */
export interface PairOptions {
  /** Elements of every parameter. Default 3. */
  readonly perParameter?: number;
  /**
   * Arrays that replace those that a model draws for a step of training, such as `forcedInputs`.
   */
  readonly drawn?: Batch['arrays'];
}

/** Compares gradients of the mean loss in double precision: some elements of every parameter. */
export async function parameterPairs(
  model: Model,
  batch: Batch,
  { perParameter = 3, drawn }: PairOptions = {},
): Promise<ParameterPair[]> {
  const device = new ReferenceDevice(ops, 'double');
  const { sizes, count } = batch;
  const arrays = { ...batch.arrays, ...drawn };
  const memory = (await parametersOnDevice(model, someParameters(model), device)) as ReferenceMemory;
  const values = memory.array(PARAMETERS);
  const backward = await device.prepareArrays(
    drawn ? drawnGraph(model, sizes) : gradientGraph(model, { sizes, loss: 'mean' }),
    memory,
    { maxSteps: 1 },
  );
  const forward = drawn
    ? backward
    : await device.prepareArrays(evaluationGraph(model, { sizes }), memory, { maxSteps: 1 });
  const counted = { ...arrays, [COUNT]: Float32Array.of(count) };
  await backward.submit([counted]);
  const gradients = Float64Array.from(backward.array(PARAMETER_GRADIENTS));
  const lossOf = async (): Promise<number> => {
    await forward.submit([drawn ? counted : arrays]);
    return forward.array(TOTAL_LOSS)[0] / count;
  };
  const epsilon = 1e-5;
  const pairs: ParameterPair[] = [];
  for (const { name, shape } of model.layout.specs) {
    const length = shape.reduce((a, b) => a * b, 1);
    for (let k = 0; k < Math.min(perParameter, length); k++) {
      const at =
        model.layout.offsetOf(name) + Math.floor(((k + 0.5) * length) / Math.min(perParameter, length));
      const before = values[at];
      values[at] = before + epsilon;
      const above = await lossOf();
      values[at] = before - epsilon;
      const below = await lossOf();
      values[at] = before;
      pairs.push({ name, backward: gradients[at], differences: (above - below) / (2 * epsilon) });
    }
  }
  device.dispose();
  return pairs;
}

/**
 * Returns the graph of a training step with everything that is drawn for it, without the update:
 * loss and gradients.
 */
function drawnGraph(model: Model, sizes: Sizes): Graph {
  const builder = new GraphBuilder();
  const { context, parameters } = declareModel(builder, model, sizes, {
    loss: 'mean',
    mode: 'train',
    use: 'train',
  });
  const { losses } = model.build(context);
  const [loss] = losses;
  const rows = loss.shape.reduce((a, b) => a * b, 1);
  builder.apply(ops.sum_rows, 'total', {
    x: builder.view(loss, [rows, 1]),
    y: builder.tensor('report', TOTAL_LOSS, [1]),
  });
  const arena = builder.get(PARAMETERS);
  const gradients = builder.tensor('output', PARAMETER_GRADIENTS, arena.shape);
  differentiate(builder, { ops, wanted: Object.values(parameters), targets: { [arena.name]: gradients } });
  return builder.graph;
}

/** Returns the largest difference of two arrays. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    largest = Number.isFinite(difference) ? Math.max(largest, difference) : Infinity;
  }
  return largest;
}
