import type { MeterLine } from '../../graph.js';
import { RunMeter, stepFacts, type Final } from '../meter.js';
import type { TaskDoneEvent, TaskStepEvent } from './events.js';

/** Of a run over records. */
export class TaskMeter extends RunMeter {
  #last = { loss: NaN, smoothLoss: NaN, meanLoss: NaN };

  /** @param recordsPerStep N */
  constructor(readonly recordsPerStep: number) {
    super(({ meanLoss }) => (Number.isFinite(meanLoss) ? meanLoss : undefined));
  }

  override final(): Final<TaskDoneEvent> {
    return { ...this.#last, seconds: this.seconds, recordsPerSecond: this.recordsPerSecond };
  }

  override get speed(): string {
    return `${Math.round(this.recordsPerSecond).toLocaleString('en-US')} records/s`;
  }

  get recordsPerSecond(): number {
    return this.stepsPerSecond * this.recordsPerStep;
  }

  protected override event(line: MeterLine): TaskStepEvent {
    const { facts, update, stepsPerSecond } = stepFacts(line);
    const { loss, smoothLoss } = facts;
    this.#last = { loss, smoothLoss, meanLoss: line.mean };
    return {
      event: 'step',
      ...facts,
      meanLoss: line.mean,
      ...update,
      recordsPerSecond: stepsPerSecond * this.recordsPerStep,
      skipped: line.report.skippedTotal,
    };
  }
}
