import { parametersOnDevice } from '../layers/parameters-on-device.js';
import type { StateDict } from '../layers/parameters.js';
import type { Device, Memory } from '../plan/device.js';
import type { Batch } from '../train/batch.js';
import type { Model } from '../train/model.js';
import {
  COUNT,
  evaluationGraph,
  fieldGradient,
  gradientGraph,
  PARAMETER_GRADIENTS,
  readOutputs,
  TOTAL_LOSS,
} from '../train/training-graph.js';

/** What a model computes from one batch without gradients. */
export interface ModelOutputs {
  readonly outputs: Readonly<Record<string, Float32Array>>;
  /** Mean loss of the batch's targets. */
  readonly loss: number;
}

/** Gradients of the mean loss of one batch, without dropout. */
export interface ModelGradients {
  readonly parameters: StateDict;
  /** By field, those that were asked for. */
  readonly fields: Readonly<Record<string, Float32Array>>;
}

/** Calls `use` with a memory that has the parameters, and disposes of the memory. */
export async function withParameters<T>(
  model: Model,
  parameters: StateDict,
  device: Device,
  use: (memory: Memory) => Promise<T>,
): Promise<T> {
  const memory = await parametersOnDevice(model, parameters, device);
  try {
    return await use(memory);
  } finally {
    memory.dispose();
  }
}

/**
 * Outputs and loss of a model on one batch.
 * @param memory has the parameters
 * @param kept names of the outputs to read
 */
export async function outputsOnBatch(
  model: Model,
  { sizes, arrays, count }: Batch,
  device: Device,
  memory: Memory,
  kept: readonly string[],
): Promise<ModelOutputs> {
  const program = await device.prepare(evaluationGraph(model, { sizes, kept }), memory, { maxSteps: 1 });
  try {
    const [report] = await program.submit([arrays]);
    return { outputs: await readOutputs(program, kept), loss: report[TOTAL_LOSS][0] / count };
  } finally {
    program.dispose();
  }
}

/**
 * Gradients of a model on one batch.
 * @param memory has the parameters
 * @param inputs names of f32 fields whose gradients to read. Default: none
 */
export async function gradientsOnBatch(
  model: Model,
  { sizes, arrays, count }: Batch,
  device: Device,
  memory: Memory,
  inputs: readonly string[] = [],
): Promise<ModelGradients> {
  const graph = gradientGraph(model, { sizes, loss: 'mean', inputs });
  const program = await device.prepare(graph, memory, { maxSteps: 1 });
  try {
    await program.submit([{ ...arrays, [COUNT]: Float32Array.of(count) }]);
    const parameters = model.layout.unpack(await program.read(PARAMETER_GRADIENTS));
    const gradients = await readOutputs(program, inputs.map(fieldGradient));
    const fields = Object.fromEntries(inputs.map((name) => [name, gradients[fieldGradient(name)]]));
    return { parameters, fields };
  } finally {
    program.dispose();
  }
}
