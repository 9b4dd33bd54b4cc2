import { FileFormatError, messageOf, UnrolledError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { numberAbove, wholeNumber } from '../core/options.js';
import { Vocabulary } from '../data/vocabulary.js';
import { readSafetensors, writeSafetensors, type SafetensorsTensor } from '../io/safetensors.js';
import type { CharModel, CharModelConfig } from '../model/char-model.js';
import { carriedStateName, taskModel } from '../model/char-model.js';
import { PARAMETERS, type StateDict } from '../model/parameters.js';
import type { Device, Memory } from '../plan/device.js';
import { optimizerFromJSON } from './optimizers.js';
import { scheduleFromJSON } from './schedules.js';
import { Trainer, type TrainerProgress } from './trainer.js';
import { completeOptions, type TrainerConfig } from './trainer-options.js';

/** The `format` of a checkpoint's metadata. */
export const CHECKPOINT_FORMAT = 'unrolled-checkpoint/1';

/** Everything beside the tensors that an exact resumption needs, as JSON in the file's metadata. */
interface Description {
  readonly model: CharModelConfig;
  readonly symbols: readonly string[];
  readonly trainer: TrainerConfig;
  readonly progress: TrainerProgress;
  /**
   * Name of the adapter. A run that goes on by an adapter of another name, such as from
   * `CPU, relaxed SIMD` to `CPU, SIMD`, may differ in its last bits. Absent in older files.
   */
  readonly adapter?: string;
  /** What the program that trains wants to remember, such as the path of its text. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** A checkpoint that has been read and checked, not yet on a device. */
export interface Checkpoint extends Omit<Description, 'symbols'> {
  readonly characterModel: CharModel;
  /** Parameters by PyTorch's names and shapes. */
  readonly parameters: StateDict;
  /** Optimizer state by memory tensor, such as `adam.mean`, and parameter. */
  readonly optimizer: Readonly<Record<string, StateDict>>;
  /** Carried states [N,H] by name. */
  readonly states: Readonly<Record<string, Float32Array>>;
}

/**
 * The whole state of a training run as one safetensors file: parameters under PyTorch's names,
 * optimizer state such as `adam.mean.<parameter>`, `state.<name>` [N,H], and a description in the
 * metadata. Call it while the trainer does not run.
 */
export async function saveCheckpoint(
  trainer: Trainer,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<Uint8Array> {
  const { model, config, memory } = trainer;
  const tensors: Record<string, SafetensorsTensor> = {};
  const put = (prefix: string, values: StateDict): void => {
    for (const [name, { shape, data }] of Object.entries(values))
      tensors[prefix + name] = { dtype: 'F32', shape: [...shape], data: data as Float32Array };
  };
  put('', model.layout.unpack(await memory.read(PARAMETERS)));
  for (const name of config.optimizer.stateTensors)
    put(`${name}.`, model.layout.unpack(await memory.read(name)));
  for (const name of model.states) {
    tensors[`state.${name}`] = {
      dtype: 'F32',
      shape: [config.batch, model.config.hidden],
      data: await memory.read(carriedStateName('train', name)),
    };
  }
  const { kind, options } = config.optimizer;
  const description = {
    model: model.config,
    symbols: model.vocabulary.symbols,
    trainer: { ...config, optimizer: { kind, options } },
    progress: trainer.progress,
    adapter: trainer.device.info.adapter,
    extra,
  };
  return writeSafetensors(tensors, { format: CHECKPOINT_FORMAT, unrolled: JSON.stringify(description) });
}

/**
 * Reads and checks a checkpoint.
 * @throws FileFormatError in one line for a file that is truncated, foreign, damaged or of another
 *   version
 */
export function readCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.format !== CHECKPOINT_FORMAT) {
    const what =
      metadata.format === undefined
        ? 'a safetensors file of another program'
        : `of format "${metadata.format}"`;
    throw new FileFormatError(
      `This is no checkpoint of a training run: expected the format "${CHECKPOINT_FORMAT}", but it is ` +
        `${what}. Use --init-from to take its weights alone.`,
    );
  }
  try {
    const { symbols, ...description } = JSON.parse(metadata.unrolled) as Description;
    const characterModel = taskModel({ ...description.model, vocabulary: Vocabulary.fromSymbols(symbols) });
    const trainer = completeOptions({
      ...description.trainer,
      optimizer: optimizerFromJSON(description.trainer.optimizer),
      schedule: scheduleFromJSON(description.trainer.schedule),
    });
    checkProgress(description.progress);
    const { layout } = characterModel;
    const parameters = pick(
      tensors,
      layout.specs.map(({ name }) => name),
      '',
    );
    layout.pack(parameters, 'checkpoint');
    const optimizer = Object.fromEntries(
      trainer.optimizer.stateTensors.map((tensor) => {
        const values = pick(
          tensors,
          layout.specs.map(({ name }) => name),
          `${tensor}.`,
        );
        layout.pack(values, `checkpoint's ${tensor}`);
        return [tensor, values];
      }),
    );
    const states = Object.fromEntries(
      characterModel.states.map((name) => [
        name,
        stateOf(tensors, name, [trainer.batch, description.model.hidden]),
      ]),
    );
    return { ...description, trainer, characterModel, parameters, optimizer, states };
  } catch (error) {
    if (error instanceof FileFormatError) throw error;
    const reason =
      error instanceof UnrolledError ? messageOf(error) : 'its description is incomplete or damaged';
    throw new FileFormatError(`The checkpoint cannot be used: ${reason}`, { cause: error });
  }
}

/** A trainer that goes on exactly where the checkpoint was written. */
export async function resumeTrainer(checkpoint: Checkpoint, device: Device): Promise<Trainer> {
  const { characterModel: model, trainer: config } = checkpoint;
  const trainer = await Trainer.create(model, { ...config, device });
  try {
    await trainer.loadParameters(checkpoint.parameters);
    for (const [tensor, values] of Object.entries(checkpoint.optimizer))
      await trainer.memory.write(tensor, model.layout.pack(values));
    for (const [name, values] of Object.entries(checkpoint.states))
      await trainer.memory.write(carriedStateName('train', name), values);
    trainer.restore(checkpoint.progress);
    return trainer;
  } catch (error) {
    trainer.dispose();
    throw error;
  }
}

/** Reads a checkpoint and goes on with it. @throws FileFormatError, see `readCheckpoint` */
export function loadCheckpoint(bytes: Uint8Array, { device }: { readonly device: Device }): Promise<Trainer> {
  return resumeTrainer(readCheckpoint(bytes), device);
}

/** Puts a model's parameters on a device, for sampling and evaluation without a trainer. */
export async function parametersOnDevice(
  model: CharModel,
  parameters: StateDict,
  device: Device,
): Promise<Memory> {
  const memory = await device.createMemory();
  const arena = model.layout.pack(parameters);
  await memory.ensure({ name: PARAMETERS, shape: [arena.length], dtype: 'f32', kind: 'memory' });
  await memory.write(PARAMETERS, arena);
  return memory;
}

/**
 * Refuses a position that no run can have: what a damaged file would go on from in silence. The
 * batcher checks its own part.
 */
function checkProgress({ step, sampled, skippedTotal, smoothLoss }: TrainerProgress): void {
  for (const [name, value] of Object.entries({ step, sampled, skippedTotal }))
    wholeNumber(`progress.${name}`, value, 0);
  numberAbove('progress.smoothLoss', smoothLoss, 0, true);
}

function pick(
  tensors: Readonly<Record<string, SafetensorsTensor>>,
  names: readonly string[],
  prefix: string,
): StateDict {
  return Object.fromEntries(
    names
      .filter((name) => Object.hasOwn(tensors, prefix + name))
      .map((name) => [name, tensors[prefix + name]]),
  );
}

function stateOf(
  tensors: Readonly<Record<string, SafetensorsTensor>>,
  name: string,
  shape: readonly number[],
): Float32Array {
  const tensor = Object.hasOwn(tensors, `state.${name}`) ? tensors[`state.${name}`] : undefined;
  if (tensor?.shape.join() !== shape.join())
    throw new FileFormatError(
      `The checkpoint's state.${name} must be [N,H] = [${shape.join(',')}], but it is ` +
        `${tensor ? `[${tensor.shape.join(',')}]` : 'missing'}.`,
    );
  return Float32Array.from(tensor.data).subarray(0, elementCount(shape));
}
