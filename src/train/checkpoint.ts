import { FileFormatError, messageOf, UnrolledError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { readSafetensors, type SafetensorsTensor } from '../io/safetensors.js';
import type { ParameterLayout, StateDict } from '../layers/parameters.js';
import type { Variants } from '../plan/target.js';
import { LOSS_SCALE } from './loss-scale.js';
import { optimizerTensors } from './parameter-groups.js';
import type { Model, ModelKind } from './model.js';
import { optimizerFromJSON } from './optimizers.js';
import { checkProgress, type TrainerProgress } from './trainer-progress.js';
import type { Reading } from './record-reading.js';
import { scheduleFromJSON } from './schedules.js';
import { completeOptions, optionsOf, type TrainerConfig } from './trainer-options.js';

/** The `format` in a checkpoint's metadata. Files of the first format can be read too. */
export const CHECKPOINT_FORMAT = 'unrolled-checkpoint/2';
const FIRST_FORMAT = 'unrolled-checkpoint/1';
/** The kind of model of all checkpoints of the first format. */
const FIRST_KIND = 'char-model';

/** A well-formed safetensors file that is no checkpoint. It may hold weights. */
export class ForeignFileError extends FileFormatError {}

/** Whether `format` is one of the formats of checkpoints. */
export function isCheckpointFormat(format: string | undefined): boolean {
  return format === CHECKPOINT_FORMAT || format === FIRST_FORMAT;
}

/**
 * What a checkpoint has besides tensors to resume a run exactly, as JSON in the file's metadata.
 */
export interface Description {
  readonly model: { readonly kind: string; readonly config: object };
  readonly trainer: TrainerConfig;
  readonly progress: TrainerProgress;
  /**
   * Name of the adapter. A run that continues on an adapter of another name, such as `CPU, SIMD`
   * instead of `CPU, relaxed SIMD`, may differ in its last bits. Absent in older files.
   */
  readonly adapter?: string;
  /**
   * Variants of the kernels that it was trained with. On the same adapter the run continues with
   * them. Absent in older files.
   */
  readonly variants?: Variants;
  /** How training read records. Absent if it read none, and in older files. */
  readonly reading?: Reading;
  /** Data of the program that trains, such as the path of its text. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** A checkpoint that was read and checked. It is not on a device. */
export interface Checkpoint<M extends Model = Model> extends Omit<Description, 'model'> {
  readonly model: M;
  /** Parameters by PyTorch's names and shapes. */
  readonly parameters: StateDict;
  /** Optimizer state: memory tensor, such as `adam.mean` → arrays by parameter. */
  readonly optimizer: Readonly<Record<string, StateDict>>;
  /** Carried states by name. */
  readonly states: Readonly<Record<string, Float32Array>>;
  /** [2]: the factor of the loss in mixed precision, and the steps since it was changed. */
  readonly lossScale?: Float32Array;
}

/**
 * Reads and checks a checkpoint.
 * @param kinds the kinds of models that it may have
 * @throws FileFormatError for a file that is truncated, damaged, of an unknown format or of another
 *   kind of model
 */
export function readCheckpoint<M extends Model>(
  bytes: Uint8Array,
  kinds: readonly ModelKind<M>[],
): Checkpoint<M> {
  const { tensors, metadata } = readSafetensors(bytes);
  const { format } = metadata;
  if (!isCheckpointFormat(format)) {
    const what = format === undefined ? 'a safetensors file of another program' : `of format "${format}"`;
    throw new ForeignFileError(
      `This is not a checkpoint of a training run: expected the format "${CHECKPOINT_FORMAT}", but it is ` +
        `${what}.`,
    );
  }
  try {
    const json = JSON.parse(metadata.unrolled) as unknown;
    const description =
      format === FIRST_FORMAT ? fromFirstFormat(json as FirstDescription) : (json as Description);
    return complete(description, tensors, kinds);
  } catch (error) {
    if (error instanceof FileFormatError) throw error;
    const reason =
      error instanceof UnrolledError ? messageOf(error) : 'its description is incomplete or damaged';
    throw new FileFormatError(`The checkpoint cannot be used: ${reason}`, { cause: error });
  }
}

/**
 * The kind of the model in a checkpoint; undefined if the file is no checkpoint, or its description
 * is damaged. `readCheckpoint` reports the reason.
 * @throws FileFormatError for a file that is no safetensors file
 */
export function kindOfCheckpoint(bytes: Uint8Array): string | undefined {
  const { format, unrolled } = readSafetensors(bytes).metadata;
  if (format === FIRST_FORMAT) return FIRST_KIND;
  if (format !== CHECKPOINT_FORMAT) return undefined;
  try {
    const { kind } = (JSON.parse(unrolled) as { readonly model: { readonly kind: unknown } }).model;
    return typeof kind === 'string' ? kind : undefined;
  } catch {
    return undefined;
  }
}

function complete<M extends Model>(
  description: Description,
  tensors: Readonly<Record<string, SafetensorsTensor>>,
  kinds: readonly ModelKind<M>[],
): Checkpoint<M> {
  const { kind, config } = description.model;
  const known = kinds.find((candidate) => candidate.kind === kind);
  if (!known)
    throw new FileFormatError(
      `The checkpoint is of a ${JSON.stringify(kind)} model; known kinds are ` +
        `${kinds.map((candidate) => candidate.kind).join(', ')}. Pass its kind to readCheckpoint, or use ` +
        "loadCheckpoint, which knows all of the library's.",
    );
  const model = known.fromConfig(config);
  const { layout } = model;
  const trainer = trainerFromJSON(layout, description.trainer);
  checkProgress(description.progress);
  if (Object.values(description.variants ?? {}).some((name: unknown) => typeof name !== 'string'))
    throw new FileFormatError('The checkpoint cannot be used: its variants are not names.');
  const names = layout.specs.map(({ name }) => name);
  const parameters = pick(tensors, names, '');
  layout.pack(parameters, 'checkpoint');
  const optimizer = Object.fromEntries(
    optimizerTensors(trainer).map((tensor) => {
      const values = pick(tensors, names, `${tensor}.`);
      layout.pack(values, `checkpoint's ${tensor}`);
      return [tensor, values];
    }),
  );
  const states = Object.fromEntries(
    Object.entries(model.states ?? {})
      .filter(([name]) => `state.${name}` in tensors || description.progress.step > 0)
      .map(([name, shape]) => [name, stateOf(tensors, name, shape, trainer.batch)]),
  );
  const scaled = trainer.precision ? { lossScale: lossScaleOf(tensors) } : {};
  return { ...description, model, trainer, parameters, optimizer, states, ...scaled };
}

/** The description in checkpoints of the first format. */
interface FirstDescription extends Omit<Description, 'model' | 'trainer' | 'progress'> {
  readonly model: object;
  readonly symbols: readonly string[];
  readonly trainer: Omit<TrainerConfig, 'groups' | 'frozen' | 'accumulate'> & { readonly scored?: number };
  readonly progress: Omit<TrainerProgress, 'loader'> & {
    readonly batcher?: {
      readonly sampling: string;
      readonly seed: number;
      readonly epoch: number;
      readonly index: number;
      readonly windowsPerEpoch: number;
    };
  };
}

function fromFirstFormat({ model, symbols, trainer, progress, extra }: FirstDescription): Description {
  const { scored, ...options } = trainer;
  const { batcher, ...rest } = progress;
  return {
    model: { kind: FIRST_KIND, config: { ...model, symbols } },
    trainer: { ...options, groups: [], frozen: [], accumulate: 1 },
    progress: {
      ...rest,
      ...(batcher
        ? {
            loader: {
              order: batcher.sampling,
              seed: batcher.seed,
              epoch: batcher.epoch,
              index: batcher.index,
              batchesPerEpoch: batcher.windowsPerEpoch,
            },
          }
        : {}),
    },
    extra,
  };
}

/** Reads the options of a trainer. An empty list of groups means one group with all parameters. */
function trainerFromJSON(layout: ParameterLayout, json: TrainerConfig): TrainerConfig {
  const optimizer = optimizerFromJSON(json.optimizer);
  const groups =
    json.groups.length === 0
      ? [{ parameters: layout.specs.map(({ name }) => name), optimizer }]
      : json.groups.map((group) => ({ ...group, optimizer: optimizerFromJSON(group.optimizer) }));
  const schedule = scheduleFromJSON(json.schedule);
  return completeOptions(layout, optionsOf({ ...json, groups, optimizer, schedule }));
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

/** Reads the factor of the loss. */
function lossScaleOf(tensors: Readonly<Record<string, SafetensorsTensor>>): Float32Array {
  const { shape, data } = Object.hasOwn(tensors, LOSS_SCALE) ? tensors[LOSS_SCALE] : { shape: [], data: [] };
  if (shape.join() !== '2' || !(data[0] >= 1 && data[0] < Infinity && data[1] >= 0))
    throw new FileFormatError(
      `The checkpoint's ${LOSS_SCALE} must be [2], a factor from 1 and a number of steps, but it is ` +
        `[${shape.join(',')}] = ${Array.from(data).join(', ') || 'missing'}.`,
    );
  return Float32Array.from(data);
}

/** Reads a carried state. @param batch N, if it is known */
function stateOf(
  tensors: Readonly<Record<string, SafetensorsTensor>>,
  name: string,
  shape: readonly (string | number)[],
  batch: number | undefined,
): Float32Array {
  const tensor = Object.hasOwn(tensors, `state.${name}`) ? tensors[`state.${name}`] : undefined;
  const wanted = shape.map((size) => (size === 'N' ? (batch ?? size) : size));
  const fits =
    tensor?.shape.length === wanted.length &&
    wanted.every((size, axis) => typeof size === 'string' || size === tensor.shape[axis]);
  if (!fits)
    throw new FileFormatError(
      `The checkpoint's state.${name} must be [${shape.join(',')}] = [${wanted.join(',')}], but it is ` +
        `${tensor ? `[${tensor.shape.join(',')}]` : 'missing'}.`,
    );
  return Float32Array.from(tensor.data).subarray(0, elementCount(tensor.shape));
}
