import { Trainer, type Device } from '../../../src/index.js';
import { type CharModel, bitsOf, type WindowBatch } from '../../../src/graph.js';
import { Answers } from './answers.js';
import { FlowProbe } from '../training/worker/flow-probe.js';
import { lastPredictions, openLearnt, planOf, RunError, windowsOf, type Learnt } from './plan.js';
import type { ComparisonEntries, Measured, Round } from './protocol.js';

/**
 * Desired duration of a turn of all runs in milliseconds: short enough for a live chart, long
 * enough to keep a GPU busy.
 */
const TURN_MS = { least: 60, most: 180 };
/**
 * Most steps of a turn, and its largest share of the steps so far, so that a young curve has points
 * too.
 */
const MOST_STEPS = 64;
const TURN_SHARE = 1 / 16;
/**
 * Share of the time that measuring may take, and the least milliseconds between two measurements.
 */
const MEASURING = { share: 0.12, ms: 700 };

/**
 * One to three networks that learn the same windows in turns: after every turn all have taken the
 * same number of steps.
 */
export class Comparison {
  readonly #probes: readonly FlowProbe[];
  readonly #answers: readonly Answers[];
  readonly #seconds: number[];
  readonly #skipped: number[];
  /** Steps of a turn, adjusted to the time that turns take. */
  #steps = 1;
  #measureAt = 0;
  #measuredStep = -1;

  private constructor(
    readonly learnt: Learnt,
    readonly trainers: readonly Trainer<CharModel>[],
    readonly windows: readonly WindowBatch[],
  ) {
    this.#probes = trainers.map((trainer) => new FlowProbe(trainer));
    this.#answers = trainers.map((trainer) => new Answers(trainer));
    this.#seconds = trainers.map(() => 0);
    this.#skipped = trainers.map(() => 0);
  }

  /**
   * @throws OptionError, DataError, DeviceError, or RunError around an error of one run; then
   *   everything is released
   */
  static async create(entries: ComparisonEntries, device: Device): Promise<Comparison> {
    const learnt = await openLearnt(entries);
    const trainers: Trainer<CharModel>[] = [];
    try {
      const windows = await lastPredictions(learnt, windowsOf(entries));
      // Report a fault of one run before the others are compiled.
      const plans = await Promise.all(
        entries.runs.map((run, i) => inRun(i, () => planOf(learnt, entries, run))),
      );
      for (const [i, { model, options }] of plans.entries())
        trainers.push(await inRun(i, () => Trainer.create(model, { ...options, device })));
      return new Comparison(learnt, trainers, windows);
    } catch (error) {
      for (const trainer of trainers) trainer.dispose();
      learnt.material.dispose();
      throw error;
    }
  }

  get step(): number {
    return this.trainers[0].step;
  }

  /** Takes the next steps of every run, one run after the other. @param most steps that remain */
  async turn(most = Infinity): Promise<Round> {
    const steps = Math.max(1, Math.min(this.#steps, Math.floor(TURN_SHARE * this.step), most));
    const began = performance.now();
    const bits: number[] = [];
    for (const [i, trainer] of this.trainers.entries()) bits.push(await this.#train(i, trainer, steps));
    const took = performance.now() - began;
    if (took < TURN_MS.least) this.#steps = Math.min(MOST_STEPS, 2 * steps);
    else if (took > TURN_MS.most) this.#steps = Math.max(1, Math.floor(steps / 2));
    return {
      step: this.step,
      steps,
      runs: bits.map((one, i) => ({ bits: one, seconds: this.#seconds[i], skipped: this.#skipped[i] })),
    };
  }

  /** Whether a measurement is due. */
  get due(): boolean {
    return performance.now() >= this.#measureAt;
  }

  /** Whether steps were taken since the last measurement. */
  get hasMoved(): boolean {
    return this.#measuredStep !== this.step;
  }

  /** Measures every run with its current weights: gradient flow, and accuracy or samples. */
  async measure(): Promise<Measured> {
    const { learnt, step } = this;
    const began = performance.now();
    const runs: Measured['runs'][number][] = [];
    for (const [i, trainer] of this.trainers.entries()) {
      const [{ norms: flow, cellNorms: cellFlow }] = await this.#probes[i].measure(this.windows);
      runs.push({
        flow,
        ...(cellFlow ? { cellFlow } : {}),
        ...(learnt.problems.length > 0 ? { answers: await this.#answers[i].to(learnt.problems) } : {}),
        ...(await learnt.result(trainer)),
      });
    }
    const now = performance.now();
    const compiled = this.#measuredStep >= 0; // the first measurement includes compiling
    this.#measureAt = now + Math.max(MEASURING.ms, compiled ? (now - began) / MEASURING.share : 0);
    this.#measuredStep = step;
    return { step, runs };
  }

  dispose(): void {
    for (const one of [...this.#probes, ...this.#answers]) one.dispose();
    for (const trainer of this.trainers) trainer.dispose();
    this.learnt.material.dispose();
  }

  /** @returns the mean loss in bits */
  async #train(i: number, trainer: Trainer<CharModel>, steps: number): Promise<number> {
    const began = performance.now();
    let sum = 0;
    for await (const { meanLoss, skippedTotal } of trainer.run(this.learnt.material.source, { steps })) {
      sum += bitsOf(meanLoss);
      this.#skipped[i] = skippedTotal;
    }
    this.#seconds[i] += (performance.now() - began) / 1000;
    return sum / steps;
  }
}

/** Adds the index of the run to an error. */
async function inRun<T>(index: number, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new RunError(index, error);
  }
}
