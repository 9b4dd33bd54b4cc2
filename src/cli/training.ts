import { type StepReport, type Trainer, writeCheckpointFile } from '../node.js';
import {
  type CharModel,
  EarlyStopping,
  bitsOf,
  type Material,
  type SymbolSource,
  nextMultiple,
  trainStretch,
} from '../graph.js';
import { Divergence } from './divergence.js';
import type { DoneEvent } from './events.js';
import { lossFigures, Meter } from './meter.js';
import type { Output } from './output.js';
import { bestPath } from './output-files.js';
import type { Progress } from './progress.js';
import type { Remembered, RunPlan } from './run-plan.js';
import { noteText } from './text-places.js';

/** A training run that is ready to go. */
export interface Training {
  readonly trainer: Trainer<CharModel>;
  /** What is learnt. */
  readonly material: Material;
  /** What a person should know about the weights that it starts from. */
  readonly notes?: readonly string[];
  readonly stepsPerEpoch: number;
  readonly plan: RunPlan;
  /** Where checkpoints go; none are written without it. */
  readonly out: string | undefined;
  /** What checkpoints remember, without the validation losses. */
  readonly remembered: Omit<Remembered, 'validationLosses'>;
  readonly validationLosses: readonly number[];
}

/**
 * Trains in segments, so that samples, evaluations and checkpoints happen after exactly their step.
 * An interruption lets the steps under way finish and writes a checkpoint.
 */
export class TrainingRun {
  readonly #meter: Meter;
  readonly #losses: number[];
  readonly #stopping: EarlyStopping;
  readonly #divergence: Divergence;
  #stop = false;
  /** Share of held-out symbols that the model names, of a task. */
  #accuracy: number | undefined;
  /** Warnings that would come again with every sample. */
  readonly #told = new Set<string>();
  /** The checkpoint written last, for the message where the run breaks. */
  lastCheckpoint: { readonly path: string; readonly step: number } | undefined;

  constructor(
    readonly training: Training,
    readonly output: Output,
    readonly progress: Progress,
    readonly signal: AbortSignal,
  ) {
    const { trainer, plan, validationLosses } = training;
    this.#meter = new Meter(trainer.sizes.N * trainer.sizes.T);
    this.#losses = [...validationLosses];
    this.#stopping = new EarlyStopping(plan.patience === 0 ? Number.MAX_SAFE_INTEGER : plan.patience);
    for (const loss of this.#losses) this.#stopping.next(loss);
    this.#divergence = new Divergence(plan.maxSkipped);
  }

  async run(): Promise<DoneEvent['reason']> {
    const { trainer, plan, out } = this.training;
    const meter = this.#meter;
    this.progress.start(plan.steps, trainer.step);
    try {
      while (trainer.step < plan.steps && !this.signal.aborted && !this.#stop && !this.#divergence.isOver) {
        const boundary = this.#nextBoundary();
        await this.#segment(boundary);
        if (trainer.step === boundary && !this.#divergence.isOver) await this.#atBoundary(boundary);
      }
      meter.flush((event) => this.output(event));
      const reason = this.#reason();
      if (out !== undefined && reason !== 'diverged' && this.lastCheckpoint?.step !== trainer.step)
        await this.#save(out, false);
      const { loss, smoothLoss, perplexity, bitsPerChar } = meter.last;
      this.progress.stop();
      this.output({
        event: 'done',
        reason,
        step: reason === 'diverged' ? this.#divergence.step : trainer.step,
        loss,
        smoothLoss,
        perplexity,
        bitsPerChar,
        seconds: meter.seconds,
        charsPerSecond: meter.charsPerSecond,
      });
      if (reason === 'diverged') throw this.#divergence.error(this.#kept());
      return reason;
    } finally {
      this.progress.stop();
    }
  }

  #reason(): DoneEvent['reason'] {
    const { trainer, plan } = this.training;
    if (this.#divergence.spoilsCheckpoint) return 'diverged';
    if (trainer.step >= plan.steps) return 'steps';
    return this.#stop ? 'patience' : 'interrupted';
  }

  /** What is left of a run that diverged. */
  #kept(): string {
    const { out } = this.training;
    if (out === undefined) return 'There was no --out to keep a checkpoint in.';
    const { path = out, step } = this.lastCheckpoint ?? {};
    return step === undefined
      ? `No checkpoint was written: ${JSON.stringify(path)} is as it was.`
      : `${JSON.stringify(path)} keeps the checkpoint of step ${step}.`;
  }

  /** The next step after which something is to be done. */
  #nextBoundary(): number {
    const { trainer, plan, material, out } = this.training;
    const every = [
      plan.sampleEvery,
      material.validation ? plan.evalEvery : 0,
      out === undefined ? 0 : plan.checkpointEvery,
      plan.gradientFlow ? plan.logEvery : 0,
    ];
    return every.reduce((next, each) => Math.min(next, nextMultiple(trainer.step, each)), plan.steps);
  }

  async #segment(until: number): Promise<void> {
    const { trainer, material, plan } = this.training;
    const meter = this.#meter;
    const take = (report: StepReport): 'stop' | 'go on' => {
      meter.take(report);
      this.#divergence.take(report);
      this.#warn(report);
      if (report.step % plan.logEvery === 0 || report.step === plan.steps)
        meter.flush((event) => this.output(event));
      this.progress.update(report.step, meter.stepsPerSecond, meter.charsPerSecond, this.#standing(report));
      return this.#divergence.isOver ? 'stop' : 'go on';
    };
    await trainStretch(trainer, material.source, { until, signal: this.signal, meter, take });
  }

  async #atBoundary(step: number): Promise<void> {
    const { plan, material, out } = this.training;
    const due = (every: number): boolean => every > 0 && step % every === 0;
    if (plan.gradientFlow && (due(plan.logEvery) || step === plan.steps)) await this.#gradientFlow(step);
    if (due(plan.sampleEvery)) await this.#sample(step);
    if (material.validation && due(plan.evalEvery)) await this.#evaluate(material.validation, step);
    if (out !== undefined && due(plan.checkpointEvery) && !this.#divergence.spoilsCheckpoint)
      await this.#save(out, false);
  }

  /** What the progress line says about how well it goes. */
  #standing({ meanLoss }: StepReport): string {
    return this.#accuracy === undefined
      ? `${bitsOf(meanLoss).toFixed(2)} bits/${this.training.material.unit.short}`
      : `accuracy ${(100 * this.#accuracy).toFixed(1)} %`;
  }

  async #gradientFlow(step: number): Promise<void> {
    const { trainer, material } = this.training;
    this.output({ event: 'gradient-flow', step, ...(await trainer.gradientFlow(material.source)) });
  }

  async #sample(step: number): Promise<void> {
    const { trainer, plan } = this.training;
    for (const prime of plan.primes.length > 0 ? plan.primes : ['']) {
      const onUnknown = (message: string): void => this.#warnOnce(message);
      const text = await trainer.sample({
        prime,
        length: plan.sampleLength,
        temperature: plan.temperature,
        onUnknown,
      });
      this.output({ event: 'sample', step, prime, text });
    }
  }

  async #evaluate(validation: SymbolSource, step: number): Promise<void> {
    const { trainer, material, out } = this.training;
    const { loss, measures } = await trainer.evaluate(validation, material.evaluation);
    const { accuracy } = measures as { readonly accuracy?: number };
    this.#accuracy = accuracy;
    this.#losses.push(loss);
    const verdict = this.#stopping.next(loss);
    this.#stop = verdict === 'stop';
    this.output({
      event: 'validation',
      step,
      ...lossFigures(loss),
      ...(accuracy === undefined ? {} : { accuracy }),
      best: verdict === 'best',
    });
    if (verdict === 'best' && out !== undefined) await this.#save(bestPath(out), true);
  }

  async #save(path: string, best: boolean): Promise<void> {
    const { trainer, remembered } = this.training;
    const text = await noteText(remembered.text, path);
    const memory: Remembered = { ...remembered, text, validationLosses: this.#losses };
    await writeCheckpointFile(path, trainer, { run: memory });
    if (!best) this.lastCheckpoint = { path, step: trainer.step };
    this.output({ event: 'checkpoint', step: trainer.step, path, best });
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
