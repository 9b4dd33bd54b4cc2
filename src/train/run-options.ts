import { onlyKnown, wholeNumber } from '../core/options.js';

/** Length of a run. Without steps and epochs it runs until the caller leaves the loop. */
export interface RunOptions {
  /** Number of steps. */
  readonly steps?: number;
  /** Number of passes over the data. */
  readonly epochs?: number;
  /** Stops the run after the steps that are under way. */
  readonly signal?: AbortSignal;
}

/**
 * Number of steps of a run: the smaller number if both steps and epochs are given, Infinity if
 * neither is.
 * @param accumulate number of batches in a step
 * @throws OptionError
 */
export function stepsOfRun(
  options: RunOptions,
  { batchesPerEpoch, accumulate }: { readonly batchesPerEpoch: number; readonly accumulate: number },
): number {
  onlyKnown('run', options, ['steps', 'epochs', 'signal']);
  let steps = options.steps ?? Infinity;
  if (options.epochs !== undefined) {
    const batches = wholeNumber('epochs', options.epochs) * batchesPerEpoch;
    steps = Math.min(steps, Math.max(1, Math.floor(batches / accumulate)));
  }
  return steps === Infinity ? steps : wholeNumber('steps', steps);
}
