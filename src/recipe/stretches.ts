import type { StepReport } from '../train/step-report.js';
import type { FieldsOf, Model } from '../train/model.js';
import type { Source } from '../train/source.js';
import type { Trainer } from '../train/trainer.js';

/** The next step after `step` that is a multiple of `every`; Infinity where that is 0. */
export function nextMultiple(step: number, every: number): number {
  return every > 0 ? (Math.floor(step / every) + 1) * every : Infinity;
}

/** How a stretch of training goes on and ends. */
export interface Stretch {
  /** Its last step; Infinity where only the signal ends it. */
  readonly until: number;
  /** Ends it early, after the steps that are under way. */
  readonly signal: AbortSignal;
  /** Measures it. */
  readonly meter: { begin(): void; end(): void };
  /** Takes the report of each step. @returns `stop` to leave at once what is under way */
  readonly take: (report: StepReport) => 'stop' | 'go on';
}

/**
 * Trains from where a trainer stands to a boundary, after which something else is to be done.
 * @throws DeviceError, as training does
 */
export async function trainStretch<M extends Model>(
  trainer: Trainer<M>,
  source: Source<FieldsOf<M>>,
  { until, signal, meter, take }: Stretch,
): Promise<void> {
  const steps = until - trainer.step;
  meter.begin();
  for await (const report of trainer.run(source, { ...(steps === Infinity ? {} : { steps }), signal }))
    if (take(report) === 'stop') break;
  meter.end();
}
