import type { GradientFlow, StepReport } from '../node.js';
import { EarlyStopping, nextMultiple, type TrainingSegment } from '../graph.js';
import type { Backend } from './backend.js';
import { Divergence } from './divergence.js';
import type { DoneEvent, RunEvent, StartEvent } from './events.js';
import type { RunMeter } from './run-meter.js';
import type { Output } from './event-output.js';
import { bestPath } from './output-files.js';
import type { Progress } from './progress.js';
import type { RunPlan } from './run-plan.js';

/** The result of a validation. */
export interface Validation {
  /** Decides which checkpoint is the best. */
  readonly loss: number;
  /** All numbers, as in the event `validation`. */
  readonly figures: Readonly<Record<string, number>>;
  /** The result in a few words, for the progress line. */
  readonly standing: string | undefined;
}

/** The text that a sample continues, and how it is drawn. */
export interface SampleRequest {
  readonly prime: string;
  readonly length: number;
  readonly temperature: number;
  readonly onUnknown: (message: string) => void;
}

/** Receives the events between two steps. */
export type Tell = (event: RunEvent) => void;

/** A training run that is ready to start. Its functions know the text or the records. */
export interface Training {
  readonly plan: RunPlan;
  /** Path of the checkpoint; absent: none is written. */
  readonly out: string | undefined;
  /** Lines that the user should read before the run begins. */
  readonly warnings: readonly string[];
  readonly validationLosses: readonly number[];
  /** The command that continues the run, where that is not `unrolled resume` of its checkpoint. */
  readonly again?: string;
  readonly meter: RunMeter;
  /** Steps done. */
  step(): number;
  /** The first event of the run. */
  start(backend: Backend): StartEvent;
  train(segment: Omit<TrainingSegment, 'meter'>, tell: Tell): Promise<void>;
  /** The result of a step in a few words. */
  standing(report: StepReport): string;
  /** Absent where nothing is held out. */
  readonly validate: (() => Promise<Validation>) | undefined;
  /** Absent where there is no text to continue. */
  readonly sample: ((request: SampleRequest) => Promise<string>) | undefined;
  gradientFlow(): Promise<GradientFlow>;
  /** Writes the state of the run to a file. */
  save(path: string, validationLosses: readonly number[]): Promise<void>;
}

/**
 * Trains in segments, so that samples, validations and checkpoints happen exactly after their step.
 * After an interruption the submitted steps finish, and a checkpoint is written.
 */
export class TrainingRun {
  readonly #losses: number[];
  readonly #stopping: EarlyStopping;
  readonly #divergence: Divergence;
  #stop = false;
  /** The result of the last validation. */
  #standing: string | undefined;
  /** Warnings that were reported already, since every sample would repeat them. */
  readonly #told = new Set<string>();
  /** The last checkpoint, for the message where the run fails. */
  lastCheckpoint: { readonly path: string; readonly step: number } | undefined;

  constructor(
    readonly training: Training,
    readonly output: Output,
    readonly progress: Progress,
    readonly signal: AbortSignal,
  ) {
    const { plan, validationLosses } = training;
    this.#losses = [...validationLosses];
    this.#stopping = new EarlyStopping(plan.patience === 0 ? Number.MAX_SAFE_INTEGER : plan.patience);
    for (const loss of this.#losses) this.#stopping.next(loss);
    this.#divergence = new Divergence(plan.maxSkipped);
  }

  async run(): Promise<DoneEvent['reason']> {
    const { training } = this;
    const { plan, out, meter } = training;
    this.progress.start(plan.steps, training.step());
    try {
      while (
        training.step() < plan.steps &&
        !this.signal.aborted &&
        !this.#stop &&
        !this.#divergence.isOver
      ) {
        const boundary = this.#nextBoundary();
        await this.#segment(boundary);
        if (training.step() === boundary && !this.#divergence.isOver) await this.#atBoundary(boundary);
      }
      meter.flush((event) => this.output(event));
      const reason = this.#reason();
      if (out !== undefined && reason !== 'diverged' && this.lastCheckpoint?.step !== training.step())
        await this.#save(out, false);
      this.progress.stop();
      this.output({
        event: 'done',
        reason,
        step: reason === 'diverged' ? this.#divergence.step : training.step(),
        ...meter.final(),
      });
      if (reason === 'diverged') throw this.#divergence.error(this.#kept());
      return reason;
    } finally {
      this.progress.stop();
    }
  }

  #reason(): DoneEvent['reason'] {
    const { training } = this;
    if (this.#divergence.spoilsCheckpoint) return 'diverged';
    if (training.step() >= training.plan.steps) return 'steps';
    return this.#stop ? 'patience' : 'interrupted';
  }

  /** A sentence about the checkpoint that remains of a run that diverged. */
  #kept(): string {
    const { out } = this.training;
    if (out === undefined) return 'Without --out, no checkpoint was written.';
    const { path = out, step } = this.lastCheckpoint ?? {};
    return step === undefined
      ? `No checkpoint was written: ${JSON.stringify(path)} is unchanged.`
      : `${JSON.stringify(path)} contains the checkpoint of step ${step}.`;
  }

  /** The next step after which a sample, validation, checkpoint or report is due. */
  #nextBoundary(): number {
    const { training } = this;
    const { plan, out } = training;
    const every = [
      plan.sampleEvery,
      training.validate ? plan.evalEvery : 0,
      out === undefined ? 0 : plan.checkpointEvery,
      plan.gradientFlow ? plan.logEvery : 0,
    ];
    return every.reduce((next, each) => Math.min(next, nextMultiple(training.step(), each)), plan.steps);
  }

  async #segment(until: number): Promise<void> {
    const { training } = this;
    const { plan, meter } = training;
    const take = (report: StepReport): 'stop' | 'continue' => {
      meter.take(report);
      this.#divergence.take(report);
      this.#warn(report);
      if (report.step % plan.logEvery === 0 || report.step === plan.steps)
        meter.flush((event) => this.output(event));
      const standing = this.#standing ?? training.standing(report);
      this.progress.update(report.step, meter.stepsPerSecond, meter.speed, standing);
      return this.#divergence.isOver ? 'stop' : 'continue';
    };
    await training.train({ until, signal: this.signal, take }, (event) => this.output(event));
  }

  async #atBoundary(step: number): Promise<void> {
    const { plan, out, validate } = this.training;
    const due = (every: number): boolean => every > 0 && step % every === 0;
    if (plan.gradientFlow && (due(plan.logEvery) || step === plan.steps)) await this.#gradientFlow(step);
    if (due(plan.sampleEvery)) await this.#sample(step);
    if (validate && due(plan.evalEvery)) await this.#validate(validate, step);
    if (out !== undefined && due(plan.checkpointEvery) && !this.#divergence.spoilsCheckpoint)
      await this.#save(out, false);
  }

  async #gradientFlow(step: number): Promise<void> {
    this.output({ event: 'gradient-flow', step, ...(await this.training.gradientFlow()) });
  }

  async #sample(step: number): Promise<void> {
    const { plan, sample } = this.training;
    if (!sample) return;
    for (const prime of plan.primes.length > 0 ? plan.primes : ['']) {
      const text = await sample({
        prime,
        length: plan.sampleLength,
        temperature: plan.temperature,
        onUnknown: (message) => this.#warnOnce(message),
      });
      this.output({ event: 'sample', step, prime, text });
    }
  }

  async #validate(validate: () => Promise<Validation>, step: number): Promise<void> {
    const { loss, figures, standing } = await validate();
    this.#standing = standing;
    this.#losses.push(loss);
    const verdict = this.#stopping.next(loss);
    this.#stop = verdict === 'stop';
    this.output({ event: 'validation', step, loss, ...figures, best: verdict === 'best' });
    const { out } = this.training;
    if (verdict === 'best' && out !== undefined) await this.#save(bestPath(out), true);
  }

  async #save(path: string, best: boolean): Promise<void> {
    await this.training.save(path, this.#losses);
    const step = this.training.step();
    if (!best) this.lastCheckpoint = { path, step };
    this.output({ event: 'checkpoint', step, path, best });
  }

  #warnOnce(message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.output({ event: 'warning', message });
  }

  #warn(report: StepReport): void {
    if (report.advice !== undefined)
      this.output({ event: 'warning', message: `Step ${report.step}: ${report.advice}` });
  }
}
