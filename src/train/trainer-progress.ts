import { numberAbove, wholeNumber } from '../core/options.js';
import type { LoaderState } from './source.js';

/** The position of a training run, as plain data. */
export interface TrainerProgress {
  /** Steps done. */
  readonly step: number;
  readonly smoothLoss: number;
  readonly skippedTotal: number;
  /** Random numbers that samples have drawn so far. The next sample draws later ones. */
  readonly sampled: number;
  /** Whether the next batch must start from zero states. Default false. */
  readonly reset?: boolean;
  /** Position in the source. Absent before the first batch. */
  readonly loader?: LoaderState;
}

/**
 * Checks the numbers of a position, since a damaged file may have any. The loader checks its own
 * part.
 * @throws OptionError that names the number
 */
export function checkProgress({ step, sampled, skippedTotal, smoothLoss }: TrainerProgress): void {
  for (const [name, value] of Object.entries({ step, sampled, skippedTotal }))
    wholeNumber(`progress.${name}`, value, 0);
  // JSON has null for NaN, which a run has before its first step if the loss of guessing is unknown.
  const known = smoothLoss !== undefined && smoothLoss !== null && !Number.isNaN(smoothLoss);
  if (known) numberAbove('progress.smoothLoss', smoothLoss, 0, true);
}
