import {
  resumeTrainer,
  type Checkpoint,
  type Device,
  type ReplacedVariant,
  type ResumeOptions,
  type Trainer,
} from '../../../src/index.js';
import { replacedSentence, type Model } from '../../../src/graph.js';
import { engineSentence } from './answers.js';

/** A trainer that continues a checkpoint. */
export interface Resumed<M extends Model> {
  readonly trainer: Trainer<M>;
  /** A sentence for the visitor if the device lacks kernel variants of the checkpoint. */
  readonly warnings: readonly string[];
}

/**
 * Continues a checkpoint.
 * @param sizes of the batches; see `ResumeOptions`
 * @throws DeviceError
 */
export async function resumed<M extends Model>(
  checkpoint: Checkpoint<M>,
  device: Device,
  sizes: Pick<ResumeOptions, 'sizes'> = {},
): Promise<Resumed<M>> {
  const replaced: ReplacedVariant[] = [];
  const trainer = await resumeTrainer(checkpoint, device, {
    ...sizes,
    onVariantsReplaced: (some) => void replaced.push(...some),
  });
  const warnings = replaced.length === 0 ? [] : [await engineSentence(replacedSentence(replaced))];
  return { trainer, warnings };
}
