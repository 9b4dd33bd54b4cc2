import { onlyKnown, wholeNumber } from '../core/options.js';

/** How long to run. Without either: until the caller leaves the loop. */
export interface RunOptions {
  /** Steps of this run. */
  readonly steps?: number;
  /** Passes over the data of this run. */
  readonly epochs?: number;
  /** Stops after the steps that are under way. */
  readonly signal?: AbortSignal;
}

/**
 * Steps of a run: the fewer where both steps and epochs are given, Infinity where neither is.
 * @param accumulate batches of a step
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
