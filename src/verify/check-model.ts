import { ops } from '../ops/index.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device } from '../plan/device.js';
import { ReferenceDevice } from '../reference/device.js';
import type { Batch } from '../train/batch.js';
import { checkBatchOf, checkModel, type Model } from '../train/model.js';
import { compareArrays, FLOOR, TOLERANCE } from './compare.js';
import { MODEL_CASES, MODEL_SIZES, MODEL_SYMBOLS, type ModelCase } from './model-cases.js';
import { gradientsOnBatch, outputsOnBatch, withParameters } from './model-run.js';
import { raggedBatch } from './ragged-batch.js';

/** The result of checking one model. */
export interface ModelCheck {
  readonly model: string;
  readonly maxError: number;
  /** The output, loss or gradient with the largest error in relation to its tolerance. */
  readonly worst: string;
  readonly tolerance: number;
  readonly pass: boolean;
}

/** Options of `verifyModels`. */
export interface VerifyModelsOptions {
  /** Only models whose name contains one of these. */
  readonly only?: readonly string[];
  readonly onResult?: (check: ModelCheck) => void;
}

/**
 * Runs a small model of every kind on `device` and on the reference in double precision, from the
 * same weights on the same ragged batch, and compares outputs, the loss and all gradients.
 */
export async function verifyModels(
  device: Device,
  { only, onResult }: VerifyModelsOptions = {},
): Promise<readonly ModelCheck[]> {
  checkDevice(device);
  const judge = new ReferenceDevice(ops, 'double');
  const checks: ModelCheck[] = [];
  try {
    for (const modelCase of MODEL_CASES) {
      if (only && !only.some((part) => modelCase.name.includes(part))) continue;
      const check = await checkModelCase(modelCase, device, judge);
      checks.push(check);
      onResult?.(check);
    }
  } finally {
    judge.dispose();
  }
  return checks;
}

/**
 * Runs a model of your own on `device` and on the reference in double precision, from the same
 * initial weights on the same batch, and compares the loss and the gradients of all parameters.
 * @param batch of a source of the model, such as `await source.loader().next()`
 * @throws OptionError, DataError or ShapeError for a batch that the model cannot read
 */
export async function verifyModel(model: Model, batch: Batch, device: Device): Promise<ModelCheck> {
  checkModel(model);
  checkDevice(device);
  checkBatchOf(model, batch);
  const judge = new ReferenceDevice(ops, 'double');
  try {
    return await checkRun(model.kind, model, batch, device, judge);
  } finally {
    judge.dispose();
  }
}

/** Checks one model on a device against the judge. */
function checkModelCase(modelCase: ModelCase, device: Device, judge: Device): Promise<ModelCheck> {
  const model = modelCase.make();
  return checkRun(modelCase.name, model, raggedBatch(model, MODEL_SIZES, MODEL_SYMBOLS), device, judge);
}

/** Compares what a model computes from a batch on two devices. */
async function checkRun(
  name: string,
  model: Model,
  batch: Batch,
  device: Device,
  judge: Device,
): Promise<ModelCheck> {
  const got = await runModel(model, batch, device);
  const expected = await runModel(model, batch, judge);
  let worst = { what: '', error: 0, tolerance: 1 };
  for (const [what, { values, gradient }] of Object.entries(expected)) {
    const floor = gradient ? FLOOR.gradient : FLOOR.output;
    const tolerance = gradient ? TOLERANCE.gradient : TOLERANCE.output;
    const { error } = compareArrays(got[what].values, values, floor);
    if (worst.what === '' || error / tolerance > worst.error / worst.tolerance)
      worst = { what, error, tolerance };
  }
  const { what, error, tolerance } = worst;
  return { model: name, maxError: error, worst: what, tolerance, pass: error <= tolerance };
}

/** Numbers of a model, by their names. */
type ModelNumbers = Readonly<
  Record<string, { readonly values: ArrayLike<number>; readonly gradient: boolean }>
>;

/** Outputs, mean loss and gradients of a model with its initial weights. */
async function runModel(model: Model, batch: Batch, device: Device): Promise<ModelNumbers> {
  const initial = model.layout.unpack(model.initialParameters(1));
  return withParameters(model, initial, device, async (memory) => {
    const { loss, outputs } = await outputsOnBatch(model, batch, device, memory, model.predicted ?? []);
    const { parameters } = await gradientsOnBatch(model, batch, device, memory);
    const numbers: Record<string, { values: ArrayLike<number>; gradient: boolean }> = {
      loss: { values: [loss], gradient: false },
    };
    for (const [name, values] of Object.entries(outputs)) numbers[name] = { values, gradient: false };
    for (const [name, { data }] of Object.entries(parameters))
      numbers[`gradient of ${name}`] = { values: data, gradient: true };
    return numbers;
  });
}
