import { onlyKnown } from '../core/options.js';
import { charModelKind } from '../text/char-model.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device } from '../plan/device.js';
import { readCheckpoint as readAnyCheckpoint, type Checkpoint } from '../train/checkpoint.js';
import type { Model, ModelKind } from '../train/model.js';
import { resumeTrainer, type ResumeOptions } from '../train/save-checkpoint.js';
import type { Trainer } from '../train/trainer.js';

/** The kinds of models that this library makes. */
export const MODEL_KINDS = [charModelKind] as const;
type OwnModel = ReturnType<(typeof MODEL_KINDS)[number]['fromConfig']>;

/**
 * Reads and checks a checkpoint of a model of this library.
 * @param kinds further kinds, for models of your own
 * @throws FileFormatError in one line for a file that is truncated, foreign, damaged, of another
 *   version or of a kind that is not known
 */
export function readCheckpoint(bytes: Uint8Array): Checkpoint<OwnModel>;
export function readCheckpoint<M extends Model>(
  bytes: Uint8Array,
  kinds: readonly ModelKind<M>[],
): Checkpoint<M>;
export function readCheckpoint(bytes: Uint8Array, kinds: readonly ModelKind[] = MODEL_KINDS): Checkpoint {
  return readAnyCheckpoint(bytes, kinds);
}

/** Reads a checkpoint and goes on with it. @throws FileFormatError, see `readCheckpoint` */
export async function loadCheckpoint(
  bytes: Uint8Array,
  options: ResumeOptions & { readonly device: Device },
): Promise<Trainer<OwnModel>> {
  onlyKnown('loadCheckpoint', options, ['device', 'schedule']);
  const { device, ...resume } = options;
  checkDevice(device);
  return resumeTrainer(readCheckpoint(bytes), device, resume);
}
