import { OptionError } from '../core/errors.js';
import { onlyKnown } from '../core/options.js';
import { charModelKind } from '../text/char-model.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device } from '../plan/device.js';
import { readCheckpoint as readAnyCheckpoint, type Checkpoint } from '../train/checkpoint.js';
import type { Model, ModelKind } from '../train/model.js';
import { resumeTrainer, type ResumeOptions } from '../train/save-checkpoint.js';
import type { Trainer } from '../train/trainer.js';
import { loadKindOf } from './load-kinds.js';

/** The kinds of models that `readCheckpoint` reads by default. */
export const MODEL_KINDS = [charModelKind] as const;
type OwnModel = ReturnType<(typeof MODEL_KINDS)[number]['fromConfig']>;

/**
 * Reads and checks a checkpoint of a character model. It is synchronous, so it reads only kinds
 * that are loaded already; `loadCheckpoint` also loads the kind that a checkpoint needs.
 * @throws FileFormatError for a file that is truncated, damaged, of an unknown format or of another
 *   kind
 */
export function readCheckpoint(bytes: Uint8Array): Checkpoint<OwnModel>;
/**
 * Reads and checks a checkpoint of one of `kinds`.
 * @param kinds kinds of models, such as `[classifierKind]`, `TASK_KINDS`, or your own
 */
export function readCheckpoint<M extends Model>(
  bytes: Uint8Array,
  kinds: readonly ModelKind<M>[],
): Checkpoint<M>;
export function readCheckpoint(bytes: Uint8Array, kinds: readonly ModelKind[] = MODEL_KINDS): Checkpoint {
  return readAnyCheckpoint(bytes, kinds);
}

/** Options of `loadCheckpoint`. */
export interface LoadCheckpointOptions<M extends Model = Model> extends ResumeOptions {
  readonly device: Device;
  /** Kinds of your own models, besides the library's. Default: none. */
  readonly kinds?: readonly ModelKind<M>[];
}

/**
 * Reads a checkpoint of any model of this library, and creates a trainer that continues its run.
 * The code of the model's kind is loaded on demand. M is the expected model:
 * `loadCheckpoint<Classifier>`.
 * @throws FileFormatError, see `readCheckpoint`
 */
export async function loadCheckpoint<M extends Model = OwnModel>(
  bytes: Uint8Array,
  options: LoadCheckpointOptions<M>,
): Promise<Trainer<M>> {
  onlyKnown('loadCheckpoint', options, ['device', 'schedule', 'sizes', 'onVariantsReplaced', 'kinds']);
  const { device, kinds = [], ...resume } = options;
  checkDevice(device);
  if (!Array.isArray(kinds)) throw new OptionError('kinds', kinds, 'a list of kinds of models');
  const kind = await loadKindOf(bytes, kinds as readonly ModelKind[]);
  return resumeTrainer(readAnyCheckpoint(bytes, [kind]) as Checkpoint<M>, device, resume);
}
