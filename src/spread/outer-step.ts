import { DataError, OptionError, ShapeError } from '../core/errors.js';
import { numberWithin } from '../core/options.js';

/** The outer optimizer: SGD with Nesterov momentum, like `torch.optim.SGD(nesterov=True)`. */
export interface OuterOptions {
  /** Default 0.7. */
  readonly rate?: number;
  /** Default 0.9. */
  readonly momentum?: number;
}

/** The values that Douillard et al. (2023) found best. */
const DEFAULTS = { rate: 0.7, momentum: 0.9 } as const;

/** Completes and checks the options. @throws OptionError */
export function readOuter(given: OuterOptions = {}): Required<OuterOptions> {
  const { rate, momentum } = { ...DEFAULTS, ...given };
  if (!(rate > 0 && rate <= 10)) throw new OptionError('outer rate', rate, 'a number above 0, up to 10');
  return { rate, momentum: numberWithin('outer momentum', momentum, 0, 1, true) };
}

/**
 * One outer step. The outer gradient is the difference between the weights that all workers started
 * from and the mean of those that they reached (Douillard et al. 2023, "DiLoCo", algorithm 1):
 *
 *     g = start − mean(reached),  v ← momentum · v + g,  start ← start − rate · (g + momentum · v)
 *
 * With rate 1 and momentum 0 the result is the mean itself, without a rounding of the difference.
 * Sums are in double precision and in the order of the workers, so that all compute the same bits.
 * @param start [E], is changed
 * @param reached [E] of each worker
 * @param velocity [E], v; is changed
 * @param members numbers of the workers, for messages. Default: from 0 on
 * @throws ShapeError, and DataError where the result is not finite
 */
export function outerStep(
  start: Float32Array,
  reached: readonly Float32Array[],
  velocity: Float32Array,
  { rate, momentum }: Required<OuterOptions>,
  members: readonly number[] = [...reached.keys()],
): void {
  reached.forEach(({ length }, place) => {
    if (length !== start.length)
      throw new ShapeError(
        `Worker ${members[place]} contributed ${length} weights, but the model has ${start.length}: start all workers ` +
          'with the same options and version.',
      );
  });
  for (let i = 0; i < start.length; i++) {
    let sum = 0;
    for (const weights of reached) sum += weights[i];
    const mean = sum / reached.length;
    const v = momentum * velocity[i] + (start[i] - mean);
    const next = (1 - rate) * start[i] + rate * mean - rate * momentum * v;
    if (!Number.isFinite(next))
      throw new DataError(
        'The contributed weights are not finite: the training diverged. Lower the rate, or clip ' +
          'gradients.',
      );
    velocity[i] = v;
    start[i] = next;
  }
}
