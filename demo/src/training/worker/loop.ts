import type { StepReport, Trainer } from '../../../../src/index.js';
import { type CharModel, trainSegment } from '../../../../src/graph.js';
import type { Keeper } from '../../keep/keeper.js';
import { untilNextSave } from '../../keep/save-interval.js';
import { bestOf, learnedAt } from '../best-validation.js';
import type { Listener, Sample, Validation } from '../protocol.js';
import { engineSentence, toldFault } from '../../host/answers.js';
import { handOver } from '../../host/hand-over.js';
import { Turns } from '../../host/turns.js';
import { smoothed } from '../history.js';
import { Meter } from './meter.js';
import type { Run } from './run.js';
import { nextSampleStep } from './sample-steps.js';
import type { Sampling } from './sampling.js';
import { Snapshots } from './snapshots.js';
import { Validator } from './validator.js';
import { WordList } from './word-list.js';

/** Milliseconds between two messages while a sample is written. */
const WRITING_MS = 100;

/** Bytes of a state per parameter: the parameter and two moments. */
const BYTES_PER_PARAMETER = 12;

/** Thrown to end the writing of a sample that was stopped. */
class Stopped extends Error {}

/** Trains a run in stretches, with commands between them. See `Turns`. */
export class TrainingLoop {
  sampling: Sampling;
  #keeper: Keeper | undefined;
  readonly #turns = new Turns(
    () => this.#next(),
    (error) => void toldFault(error).then((fault) => this.listener.ended(this.number, fault)),
  );
  #writing: AbortController | undefined;
  /** Smoothed surprise in bits, the same as the page's curve. */
  #bits: number | undefined;
  /**
   * When the next state is saved, and which one was saved last. A state with another rate is
   * another state.
   */
  #keepAt = -Infinity;
  #kept: { readonly step: number; readonly rate: number } | undefined;
  /**
   * The step at which the loop began. A state of that step is not stored: a new run has learned
   * nothing, and a resumed one is stored already.
   */
  readonly #first: number;
  readonly #meter: Meter;
  readonly #validator: Validator;
  /** The measurements on held-back text. */
  readonly #validations: Validation[] = [];
  /** Whether training ends when the held-back loss stops falling. */
  untilLearned: boolean;
  readonly #words: WordList;

  constructor(
    readonly number: number,
    readonly run: Run,
    readonly listener: Listener,
    sampling: Sampling,
    /** Snapshots of the training that this one continues. */
    readonly snapshots = new Snapshots(),
  ) {
    this.sampling = sampling;
    this.#first = run.trainer.step;
    const { summed, charactersPerStep } = run.facts;
    const scale = 1 / (Math.LN2 * (summed ? charactersPerStep : 1));
    this.#meter = new Meter((progress) => {
      const { loss, report, steps } = progress;
      this.#bits = smoothed(this.#bits, loss * scale, report.step, steps);
      listener.progress(number, progress);
    }, run.trainer.config.clip.norm);
    this.#validator = new Validator(run, (validation) => {
      this.#validations.push(validation);
      listener.validated(number, validation);
    });
    this.untilLearned = run.settings.untilLearned === '1';
    this.#words = new WordList(run.whole);
  }

  /** Writes states to the browser's storage; undefined if the page does not want that. */
  get keeper(): Keeper | undefined {
    return this.#keeper;
  }

  /** A new keeper has none of the states yet, and a paused training would not give it one. */
  set keeper(keeper: Keeper | undefined) {
    this.#keeper = keeper;
    this.#kept = undefined;
    if (keeper && !this.#turns.playing) void this.keepNow();
  }

  play(): void {
    this.#turns.play();
  }

  /**
   * Pauses training; resolves after the current step has ended. While a sample is written no step
   * is taken.
   */
  pause(): Promise<void> {
    this.#turns.stop();
    const kept = this.keepNow();
    return this.#writing ? Promise.resolve() : kept;
  }

  /** Stops the writing of a sample, if one is being written. */
  stopWriting(): void {
    this.#writing?.abort();
  }

  /** Does `work` between two steps. Training continues afterwards if it was playing. */
  between<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#turns.between(work);
  }

  /**
   * Saves the state if it has changed since the last save. Device errors are reported by the
   * training itself.
   */
  keepNow(): Promise<void> {
    return this.between(() => this.#keepChanged().catch(() => undefined));
  }

  /** Takes one step and pauses. */
  async step(): Promise<void> {
    this.#turns.stop();
    await this.between(() => this.#train(this.run.trainer.step + 1));
    void this.keepNow();
  }

  /** Writes a sample that continues the prime. */
  sampleNow(): Promise<void> {
    return this.between(() => this.#sample());
  }

  /** Trains one stretch: up to the next sample, the last step or a command. */
  async #next(): Promise<void> {
    const { step } = this.run.trainer;
    const { every } = this.sampling;
    const { lastStep } = this.run;
    if (step >= lastStep) {
      this.#turns.stop();
      await this.#keepChanged();
      this.listener.ended(this.number);
      return;
    }
    if (performance.now() >= this.#keepAt) await this.#keep();
    if (this.#validator.due && (await this.#hasLearned())) return;
    await this.#train(Math.min(lastStep, nextSampleStep(step, every)));
  }

  /**
   * Measures the held-back loss. @returns whether training ended because the loss stopped falling
   */
  async #hasLearned(): Promise<boolean> {
    await this.#validator.evaluate();
    const { step } = this.run.trainer;
    const last = this.#validations.at(-1);
    if (last?.step !== step) return false;
    if (bestOf(this.#validations) === last && this.#isSmall)
      this.snapshots.keepBest(step, await this.run.save());
    const best = this.untilLearned && this.#isSmall ? learnedAt(this.#validations) : undefined;
    if (!best) return false;
    this.#turns.stop();
    this.listener.learned(this.number, best);
    return true;
  }

  /** Whether states are small enough to be held in memory. */
  get #isSmall(): boolean {
    return Snapshots.fits(BYTES_PER_PARAMETER * this.run.trainer.model.layout.count);
  }

  async #train(until: number): Promise<void> {
    const { trainer, corpus } = this.run;
    const before = trainer.step;
    await this.#turns.stretch((stretch) => {
      const take = (report: StepReport): 'continue' => {
        this.#meter.take(report);
        if (report.advice !== undefined) void this.#advise(report.advice);
        if (performance.now() >= this.#keepAt || this.#validator.due) stretch.abort();
        return 'continue';
      };
      return trainSegment(trainer, corpus, { until, signal: stretch.signal, meter: this.#meter, take });
    });
    const { every } = this.sampling;
    if (trainer.step === before || nextSampleStep(trainer.step - 1, every) !== trainer.step) return;
    await this.#sample();
    await this.#takeSnapshot();
  }

  async #advise(advice: string): Promise<void> {
    this.listener.advised(this.number, await engineSentence(advice));
  }

  /** Stores a state at the steps with automatic samples, so that the slider can return to it. */
  async #takeSnapshot(): Promise<void> {
    const { trainer } = this.run;
    if (!this.#isSmall) return;
    this.snapshots.add(trainer.step, await this.run.save());
    this.listener.snapshots(this.number, this.snapshots.steps);
  }

  async #keepChanged(): Promise<void> {
    const { trainer } = this.run;
    if (this.#kept?.step !== trainer.step || this.#kept.rate !== rateOf(trainer)) await this.#keep();
  }

  /** Gives the page a checkpoint to restart from, and the storage one for the next visit. */
  async #keep(): Promise<void> {
    const { trainer } = this.run;
    const { step } = trainer;
    const began = performance.now();
    const checkpoint = await this.run.save();
    const { byteLength } = checkpoint;
    if (this.#keeper && step !== this.#first)
      this.#keeper.keep({ step, bits: this.#bits ?? NaN }, checkpoint.slice());
    this.listener.kept(this.number, handOver({ step, checkpoint }, checkpoint));
    const now = performance.now();
    this.#kept = { step, rate: rateOf(trainer) };
    this.#keepAt = now + untilNextSave(now - began, byteLength, step === this.#first);
  }

  async #sample(): Promise<void> {
    const { trainer } = this.run;
    const { prime, temperature, topK, length } = this.sampling;
    const begun: Sample = { step: trainer.step, prime, temperature, topK, text: '' };
    let warning: string | undefined;
    let written = '';
    let told = performance.now();
    let stopped = false;
    const writing = (this.#writing = new AbortController());
    const write = (piece: string): void => {
      written += piece;
      if (writing.signal.aborted) throw new Stopped();
      if (performance.now() - told < WRITING_MS) return;
      told = performance.now();
      this.listener.writing(this.number, { ...begun, text: written });
    };
    try {
      await trainer.sample(
        { prime, temperature, topK, length, onUnknown: (sentence) => (warning = sentence) },
        write,
      );
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      stopped = true;
    } finally {
      this.#writing = undefined;
    }
    const known = await this.#words.share(prime + written);
    this.listener.sample(this.number, {
      ...begun,
      text: written,
      ...(known === undefined ? {} : { known }),
      ...(warning === undefined ? {} : { warning: await engineSentence(warning) }),
      ...(stopped ? { stopped: true } : {}),
    });
  }
}

function rateOf({ config }: Trainer<CharModel>): number {
  return config.optimizer.options.rate as number;
}
