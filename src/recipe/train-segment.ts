import type { StepReport } from '../train/step-report.js';
import type { FieldsOf, Model } from '../train/model.js';
import type { Source } from '../train/source.js';
import type { Trainer } from '../train/trainer.js';

/** The next step after `step` that is a multiple of `every`; Infinity if `every` is 0. */
export function nextMultiple(step: number, every: number): number {
  return every > 0 ? (Math.floor(step / every) + 1) * every : Infinity;
}

/** Options of `trainSegment`. */
export interface TrainingSegment {
  /** The last step; Infinity: until the signal. */
  readonly until: number;
  /** Ends the segment early, after the steps that are under way. */
  readonly signal: AbortSignal;
  /** Measures the time of the segment. */
  readonly meter: { begin(): void; end(): void };
  /** Takes the report of each step. @returns `stop` to ignore the steps that are under way */
  readonly take: (report: StepReport) => 'stop' | 'continue';
}

/**
 * Trains from the trainer's current step to step `until`, such as the next evaluation.
 * @throws DeviceError, as training does
 */
export async function trainSegment<M extends Model>(
  trainer: Trainer<M>,
  source: Source<FieldsOf<M>>,
  { until, signal, meter, take }: TrainingSegment,
): Promise<void> {
  const steps = until - trainer.step;
  meter.begin();
  for await (const report of trainer.run(source, { ...(steps === Infinity ? {} : { steps }), signal }))
    if (take(report) === 'stop') break;
  meter.end();
}
