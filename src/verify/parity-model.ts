import type { Device, Memory } from '../plan/device.js';
import type { Batch } from '../train/batch.js';
import { checkBatchOf, type Model } from '../train/model.js';
import { gradientsOnBatch, outputsOnBatch, withParameters } from './model-run.js';
import { gradient, output, tensor, withPrefix, type Comparison, type ParityCase } from './parity-case.js';

/** Ids or lengths of a case; with `step`, those of one step of a training curve. */
export function idsOf(parity: ParityCase, name: string, step?: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(part(parity, name, step));
}

/** Numbers of a case; with `step`, those of one step of a training curve. */
export function floatsOf(parity: ParityCase, name: string, step?: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(part(parity, name, step));
}

function part(parity: ParityCase, name: string, step: number | undefined): ArrayLike<number> {
  const { data, shape } = tensor(parity, name);
  const length = data.length / shape[0];
  return step === undefined ? data : data.slice(step * length, (step + 1) * length);
}

/** The parts of a model's case that are compared. */
export interface ModelCase {
  readonly model: Model;
  readonly batch: Batch;
  /** Outputs of the model by their names in the case. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Float fields: their names in the case, and the order of their elements there. */
  readonly inputs?: Readonly<
    Record<string, { readonly field: string; readonly order?: (i: number) => number }>
  >;
}

/** Outputs, loss, and the gradients that the case has, on one batch. */
export async function compareModel(
  parity: ParityCase,
  device: Device,
  { model, batch, outputs, inputs = {} }: ModelCase,
): Promise<Comparison[]> {
  checkBatchOf(model, batch);
  return withParameters(model, withPrefix(parity, 'param.'), device, async (memory) => [
    ...(await compareOutputs(parity, device, memory, { model, batch, outputs })),
    ...(await compareGradients(parity, device, memory, { model, batch, outputs, inputs })),
  ]);
}

async function compareOutputs(
  parity: ParityCase,
  device: Device,
  memory: Memory,
  { model, batch, outputs }: ModelCase,
): Promise<Comparison[]> {
  const kept = Object.keys(outputs).filter((name) =>
    Object.hasOwn(parity.tensors, `output.${outputs[name]}`),
  );
  const got = await outputsOnBatch(model, batch, device, memory, kept);
  return [
    output('output.loss', [got.loss], tensor(parity, 'output.loss').data),
    ...kept.map((name) => {
      const inCase = `output.${outputs[name]}`;
      return output(inCase, got.outputs[name], tensor(parity, inCase).data);
    }),
  ];
}

async function compareGradients(
  parity: ParityCase,
  device: Device,
  memory: Memory,
  { model, batch, inputs = {} }: ModelCase,
): Promise<Comparison[]> {
  const expected = withPrefix(parity, 'grad.');
  if (Object.keys(expected).length === 0) return [];
  const wanted = Object.keys(inputs).filter((name) => Object.hasOwn(expected, name));
  const fields = wanted.map((name) => inputs[name].field);
  const gradients = await gradientsOnBatch(model, batch, device, memory, fields);
  const got: Record<string, ArrayLike<number>> = {};
  for (const [name, { data }] of Object.entries(gradients.parameters)) got[name] = data;
  for (const name of wanted) {
    const { field, order = (i: number): number => i } = inputs[name];
    const data = gradients.fields[field];
    got[name] = Float32Array.from(data, (_, i) => data[order(i)]);
  }
  return Object.entries(expected).map(([name, { data }]) => gradient(`grad.${name}`, got[name] ?? [], data));
}
