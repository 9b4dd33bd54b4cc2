import { numberAbove, wholeNumber } from '../core/options.js';
import type { LoaderState } from './source.js';

/** Where a training run stands, as plain data. */
export interface TrainerProgress {
  readonly step: number;
  readonly smoothLoss: number;
  readonly skippedTotal: number;
  /** Random numbers drawn by `sample` so far: each sample goes on with fresh ones. */
  readonly sampled: number;
  /** Set where the next batch must start from zero states. */
  readonly reset?: boolean;
  readonly loader?: LoaderState;
}

/**
 * Refuses a position that no run can have: what a damaged file would go on from in silence. The
 * loader checks its own part.
 * @throws OptionError naming the number that cannot be
 */
export function checkProgress({ step, sampled, skippedTotal, smoothLoss }: TrainerProgress): void {
  for (const [name, value] of Object.entries({ step, sampled, skippedTotal }))
    wholeNumber(`progress.${name}`, value, 0);
  // JSON has null for NaN: a run without a step, of a model whose loss of guessing is not known.
  const known = smoothLoss !== undefined && smoothLoss !== null && !Number.isNaN(smoothLoss);
  if (known) numberAbove('progress.smoothLoss', smoothLoss, 0, true);
}
