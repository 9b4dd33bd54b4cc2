import { trainSegment } from '../../../../src/graph.js';
import type { StepReport } from '../../../../src/index.js';
import { toldFault } from '../../host/answers.js';
import { handOver } from '../../host/hand-over.js';
import { Turns } from '../../host/turns.js';
import { untilNextSave } from '../../keep/save-interval.js';
import { Meter } from '../../training/worker/meter.js';
import { nextSampleStep } from '../../training/worker/sample-steps.js';
import type { TaskListener } from '../protocol.js';
import type { TaskRun } from './run.js';
import { Trials } from './trials.js';
import { Weights, type StepWeights } from './weights.js';

/** Least milliseconds between two trials, and the least pause as a multiple of a trial's time. */
const TRY_MS = 700;
const TRY_SHARE = 6;

/** Trains a run in stretches, tries it between them, and executes commands. See `Turns`. */
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
  /**
   * The step that was saved last. The first step is never saved: a new run has learned nothing, and
   * a resumed one is stored already.
   */
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

  /** Pauses training. Resolves after the current step has ended and its trial was reported. */
  async pause(): Promise<void> {
    this.#turns.stop();
    await this.between(() => this.#tryChanged());
    await this.keepNow();
  }

  /** Takes one step and pauses. */
  async step(): Promise<void> {
    this.#turns.stop();
    await this.between(async () => {
      await this.#train(this.run.trainer.step + 1);
      await this.#tryChanged();
    });
  }

  /** Sends the state to be stored, if it has changed. */
  keepNow(): Promise<void> {
    return this.between(async () => {
      if (this.#kept !== this.run.trainer.step) await this.#keep();
    });
  }

  /** Does `work` between two steps. Training continues afterwards if it was playing. */
  between<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#turns.between(work);
  }

  /** Returns the current weights. */
  weightsNow(): Promise<StepWeights> {
    return this.between(() => this.#readWeights());
  }

  /** Returns the weights of a step of the slider; undefined if they are not in memory. */
  weightsAt(step: number): StepWeights | undefined {
    return this.#weights.at(step);
  }

  get #seconds(): number {
    return this.#meter.ms / 1000;
  }

  /** Trains one stretch: up to a step of the slider, a trial, or a command. */
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
      const take = (report: StepReport): 'continue' => {
        this.#meter.take(report);
        if (performance.now() >= this.#tryAt || performance.now() >= this.#keepAt) stretch.abort();
        return 'continue';
      };
      return trainSegment(trainer, source, { until, signal: stretch.signal, meter: this.#meter, take });
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

/** Whether the slider has this step: 0, 10, 20, 50, 100, … */
export function isKept(step: number): boolean {
  return step === 0 || nextSampleStep(step - 1, undefined) === step;
}
