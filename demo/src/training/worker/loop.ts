import type { StepReport, Trainer } from '../../../../src/index.js';
import { type CharModel, trainStretch } from '../../../../src/graph.js';
import type { Keeper } from '../../keep/keeper.js';
import { untilNextSave } from '../../keep/rhythm.js';
import { bestOf, learnedAt } from '../learned.js';
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

/** Milliseconds from one piece of a sample that is being written to the next. */
const WRITING_MS = 100;

/** Bytes of a state for each parameter: the parameter itself and two moments. */
const BYTES_PER_PARAMETER = 12;

/** Thrown out of the writing of a sample that somebody has stopped. */
class Stopped extends Error {}

/** Trains a run in stretches, with commands between them: see `Turns`. */
export class TrainingLoop {
  sampling: Sampling;
  #keeper: Keeper | undefined;
  readonly #turns = new Turns(
    () => this.#next(),
    (error) => void toldFault(error).then((fault) => this.listener.ended(this.number, fault)),
  );
  #writing: AbortController | undefined;
  /** Smoothed surprise in bits, as the curve of the page has it. */
  #bits: number | undefined;
  /**
   * When the next state is to be kept, and which one was kept last: another rate is another state.
   */
  #keepAt = -Infinity;
  #kept: { readonly step: number; readonly rate: number } | undefined;
  /** A run that has not moved on yet is not worth a place in the storage, or has one. */
  readonly #first: number;
  readonly #meter: Meter;
  readonly #validator: Validator;
  /** What was measured on text that is held back. */
  readonly #validations: Validation[] = [];
  /** Whether training ends when that is learned no better any more. */
  untilLearned: boolean;
  readonly #words: WordList;

  constructor(
    readonly number: number,
    readonly run: Run,
    readonly listener: Listener,
    sampling: Sampling,
    /** Of the training that this one goes on with. */
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

  /** Writes states to the browser's storage, where the page wants that. */
  get keeper(): Keeper | undefined {
    return this.#keeper;
  }

  /** A new one has none of the states yet: while training is paused, none would come to it. */
  set keeper(keeper: Keeper | undefined) {
    this.#keeper = keeper;
    this.#kept = undefined;
    if (keeper && !this.#turns.playing) void this.keepNow();
  }

  play(): void {
    this.#turns.play();
  }

  /** Ends training; done when no step is under way any more. Nothing trains while a sample is written. */
  pause(): Promise<void> {
    this.#turns.stop();
    const kept = this.keepNow();
    return this.#writing ? Promise.resolve() : kept;
  }

  /** Ends the writing of a sample, if one is under way. */
  stopWriting(): void {
    this.#writing?.abort();
  }

  /** Does `work` while no step is under way. Training then goes on if it was. */
  between<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#turns.between(work);
  }

  /**
   * Keeps the state as it is, if it has moved on. Errors of the device are told where they stop the
   * training.
   */
  keepNow(): Promise<void> {
    return this.between(() => this.#keepChanged().catch(() => undefined));
  }

  /** One step, with no other before it or after it. */
  async step(): Promise<void> {
    this.#turns.stop();
    await this.between(() => this.#train(this.run.trainer.step + 1));
    void this.keepNow();
  }

  /** Continues the prime and shows it. */
  sampleNow(): Promise<void> {
    return this.between(() => this.#sample());
  }

  /** One stretch: up to the next sample, the last step or a command. */
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

  /** Measures unseen text, and ends the training where it is learned no better any more. */
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

  /** Whether states are kept in memory. */
  get #isSmall(): boolean {
    return Snapshots.fits(BYTES_PER_PARAMETER * this.run.trainer.model.layout.count);
  }

  async #train(until: number): Promise<void> {
    const { trainer, corpus } = this.run;
    await this.#turns.stretch((stretch) => {
      const take = (report: StepReport): 'go on' => {
        this.#meter.take(report);
        if (performance.now() >= this.#keepAt || this.#validator.due) stretch.abort();
        return 'go on';
      };
      return trainStretch(trainer, corpus, { until, signal: stretch.signal, meter: this.#meter, take });
    });
    const { every } = this.sampling;
    if (nextSampleStep(trainer.step - 1, every) !== trainer.step) return;
    await this.#sample();
    await this.#takeSnapshot();
  }

  /** Where a sample comes by itself, the state is worth going back to. */
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
