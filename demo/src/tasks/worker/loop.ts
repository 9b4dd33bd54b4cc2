import { trainStretch } from '../../../../src/graph.js';
import type { StepReport } from '../../../../src/index.js';
import { toldFault } from '../../host/answers.js';
import { handOver } from '../../host/hand-over.js';
import { Turns } from '../../host/turns.js';
import { untilNextSave } from '../../keep/rhythm.js';
import { Meter } from '../../training/worker/meter.js';
import { nextSampleStep } from '../../training/worker/sample-steps.js';
import type { TaskListener } from '../protocol.js';
import type { TaskRun } from './run.js';
import { Trials } from './trials.js';
import { Weights, type StepWeights } from './weights.js';

/** Milliseconds from one trial to the next at least, and how many times as long as a trial. */
const TRY_MS = 700;
const TRY_SHARE = 6;

/** Trains a run in stretches, tries it between them, and carries out commands: see `Turns`. */
export class TaskLoop {
  readonly trials: Trials;
  readonly #turns = new Turns(
    () => this.#next(),
    (error) => void toldFault(error).then((fault) => this.listener.failed(this.number, fault)),
  );
  readonly #weights = new Weights();
  #tryAt = -Infinity;
  #triedStep = -1;
  #keepAt = -Infinity;
  /** The step that was kept last; a run that has not moved on is not worth a place, or has one. */
  #kept: number;
  readonly #first: number;
  readonly #meter: Meter;

  constructor(
    readonly number: number,
    readonly run: TaskRun,
    readonly listener: TaskListener,
  ) {
    this.trials = new Trials(run);
    this.#first = this.#kept = run.trainer.step;
    this.#meter = new Meter(({ report, loss, stepsPerSecond }) =>
      listener.progress(number, { step: report.step, loss, stepsPerSecond, seconds: this.#seconds }),
    );
  }

  play(): void {
    this.#turns.play();
  }

  /** Ends training; done when no step is under way any more, and what it has come to is told. */
  async pause(): Promise<void> {
    this.#turns.stop();
    await this.between(() => this.#tryChanged());
    await this.keepNow();
  }

  /** One step, with no other before it or after it. */
  async step(): Promise<void> {
    this.#turns.stop();
    await this.between(async () => {
      await this.#train(this.run.trainer.step + 1);
      await this.#tryChanged();
    });
  }

  /** Hands the state over to be kept, if it has moved on. */
  keepNow(): Promise<void> {
    return this.between(async () => {
      if (this.#kept !== this.run.trainer.step) await this.#keep();
    });
  }

  /** Does `work` while no step is under way. Training then goes on if it was. */
  between<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#turns.between(work);
  }

  /** The weights of this moment. */
  weightsNow(): Promise<StepWeights> {
    return this.between(() => this.#readWeights());
  }

  /** Those of a step that the slider keeps; undefined where they are not in memory any more. */
  weightsAt(step: number): StepWeights | undefined {
    return this.#weights.at(step);
  }

  get #seconds(): number {
    return this.#meter.ms / 1000;
  }

  /** One stretch: up to a step that the slider keeps, a trial, or a command. */
  async #next(): Promise<void> {
    const { trainer } = this.run;
    if (this.#triedStep < 0) await this.#tryChanged();
    await this.#train(nextSampleStep(trainer.step, undefined));
    const now = performance.now();
    if (now >= this.#tryAt || isKept(trainer.step)) await this.#tryChanged();
    if (now >= this.#keepAt && trainer.step > this.#first) await this.#keep();
  }

  async #train(until: number): Promise<void> {
    const { trainer, source } = this.run;
    await this.#turns.stretch((stretch) => {
      const take = (report: StepReport): 'go on' => {
        this.#meter.take(report);
        if (performance.now() >= this.#tryAt || performance.now() >= this.#keepAt) stretch.abort();
        return 'go on';
      };
      return trainStretch(trainer, source, { until, signal: stretch.signal, meter: this.#meter, take });
    });
  }

  async #tryChanged(): Promise<void> {
    const { step } = this.run.trainer;
    if (step === this.#triedStep) return;
    const began = performance.now();
    const tried = await this.trials.try();
    if (isKept(step)) this.#weights.add(await this.#readWeights());
    this.#triedStep = step;
    const now = performance.now();
    this.#tryAt = now + Math.max(TRY_MS, TRY_SHARE * (now - began));
    this.listener.tried(this.number, { ...tried, step, seconds: this.#seconds, kept: isKept(step) });
  }

  async #keep(): Promise<void> {
    const { step } = this.run.trainer;
    const began = performance.now();
    const checkpoint = await this.run.save();
    const { byteLength } = checkpoint;
    this.#kept = step;
    this.listener.keep(this.number, handOver({ step, checkpoint }, checkpoint));
    const now = performance.now();
    this.#keepAt = now + untilNextSave(now - began, byteLength, step === this.#first);
  }

  async #readWeights(): Promise<StepWeights> {
    const { step, memory } = this.run.trainer;
    return { step, parameters: ((await memory.read('parameters')) as Float32Array).slice() };
  }
}

/** Whether the slider over the training keeps this step: 0, 10, 20, 50, 100, … */
export function isKept(step: number): boolean {
  return step === 0 || nextSampleStep(step - 1, undefined) === step;
}
