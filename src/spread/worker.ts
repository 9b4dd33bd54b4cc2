/**
 * Read this file first. A spread run has several workers, which train on their own shards of the
 * data and meet every H steps: `exchange.ts` sends weights between them, `round.ts` determines
 * whose weights count, `outer-step.ts` computes one model from them.
 */
import { OptionError, ShapeError } from '../core/errors.js';
import { wholeNumber } from '../core/options.js';
import { PARAMETERS } from '../layers/parameters.js';
import type { Trainer } from '../train/trainer.js';
import type { Exchange, SpreadModel } from './exchange.js';
import { outerStep, readOuter, type OuterOptions } from './outer-step.js';
import { isForgotten, membersOf, type Patience } from './round.js';

export interface SpreadOptions {
  readonly exchange: Exchange;
  /** K. */
  readonly workers: number;
  /** Which of them this is, counted from 0. */
  readonly worker: number;
  readonly outer?: OuterOptions;
  /**
   * How long a round waits for late workers: see `membersOf`. Default: no limit, so that the result
   * does not depend on which worker was slow.
   */
  readonly patience?: Patience;
}

/** The state of a worker besides the checkpoint of its trainer, so that it can continue. */
export interface SpreadState {
  /** Number of completed rounds. */
  readonly round: number;
  /** [E], the momentum of the outer step. */
  readonly velocity: Float32Array;
}

/** What one round has exchanged. */
export interface RoundReport {
  /** Counted from 1. For a worker that was left behind, the round whose model it took. */
  readonly round: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Seconds that this worker waited for the others. */
  readonly waited: number;
  /** The workers whose weights count. If this one is not among them, it was left behind. */
  readonly members: readonly number[];
}

/**
 * One worker of a spread run (DiLoCo, Douillard et al. 2023, https://arxiv.org/abs/2311.08105). The
 * caller trains H steps and then calls `exchange`, repeatedly. All workers must start from the same
 * weights. The state of the inner optimizer stays with its worker.
 */
export class SpreadWorker {
  readonly #outer: Required<OuterOptions>;
  readonly #velocity: Float32Array;
  #round: number;
  /** The workers that the next round waits for. */
  #expected: readonly number[];
  #waitingFor: number | undefined;

  private constructor(
    readonly trainer: Pick<Trainer, 'memory'>,
    readonly options: SpreadOptions,
    /** [E], the weights that all workers started the round from. */
    readonly start: Float32Array,
    state: SpreadState | undefined,
    members: readonly number[] | undefined,
  ) {
    this.#outer = readOuter(options.outer);
    this.#round = state?.round ?? 0;
    this.#velocity = state?.velocity.slice() ?? new Float32Array(start.length);
    this.#expected = members ?? this.#everybody;
    if (this.#velocity.length !== start.length)
      throw new ShapeError(
        `The outer momentum has ${this.#velocity.length} numbers, but the model has ${start.length} weights.`,
      );
  }

  /**
   * @param trainer at the start of a round, with the weights of all workers
   * @param state of the worker, unless the round is the first
   * @throws OptionError
   */
  static async create(
    trainer: Pick<Trainer, 'memory'>,
    options: SpreadOptions,
    state?: SpreadState,
  ): Promise<SpreadWorker> {
    const workers = wholeNumber('workers', options.workers);
    const worker = wholeNumber('worker', options.worker, 0);
    if (worker >= workers)
      throw new OptionError(
        'worker',
        worker,
        `a number from 0 to ${workers - 1}, since there are ${workers}`,
      );
    const members = options.patience && state && (await options.exchange.closed(state.round));
    return new SpreadWorker(trainer, options, await weightsOf(trainer), state, members);
  }

  /** The worker whose contribution `exchange` waits for. */
  get waitingFor(): number | undefined {
    return this.#waitingFor;
  }

  /** What must be stored together with a checkpoint of the trainer, at the start of a round. */
  get state(): SpreadState {
    return { round: this.#round, velocity: this.#velocity.slice() };
  }

  /**
   * Takes the newest model of the others, if they have continued without this worker. Call it
   * before the first step, while the trainer does not run.
   * @returns the round of that model; undefined if this worker is up to date
   */
  async catchUp(signal?: AbortSignal): Promise<number | undefined> {
    const model = this.options.patience && (await this.options.exchange.newest(this.#round + 1));
    if (model === undefined) return undefined;
    await this.#take(model, signal);
    return model.round;
  }

  /**
   * Ends a round: contributes the weights, waits for those of the others, and takes the outer step,
   * after which all workers have the same weights. Call it while the trainer does not run.
   * @throws the reason of the signal if that ends the wait
   */
  async exchange(signal?: AbortSignal): Promise<RoundReport> {
    const { exchange, worker, patience } = this.options;
    const round = this.#round + 1;
    const began = performance.now();
    const waited = (): number => (performance.now() - began) / 1000;
    if (patience && (await isForgotten(exchange, round, signal)))
      return this.#leftBehind(round, 0, waited, signal);
    const bytesSent = await exchange.put(round, worker, await weightsOf(this.trainer), signal);
    const members = patience
      ? await membersOf(
          {
            ...{ exchange, round, patience, workers: this.#everybody },
            expected: new Set([...this.#expected, worker]),
          },
          (late) => (this.#waitingFor = late),
          signal,
        )
      : this.#everybody;
    if (!members.includes(worker)) return this.#leftBehind(round, bytesSent, waited, signal);
    const reached: Float32Array[] = [];
    let bytesReceived = 0;
    for (const k of members) {
      this.#waitingFor = k;
      // This includes its own: if it repeats the round, its first contribution counts.
      const taken = await exchange.take(round, k, signal);
      if (!taken) return this.#leftBehind(round, bytesSent, waited, signal);
      reached.push(taken.weights);
      if (k !== worker) bytesReceived += taken.bytes;
    }
    this.#waitingFor = undefined;
    const report = { round, bytesSent, bytesReceived, waited: waited(), members };
    outerStep(this.start, reached, this.#velocity, this.#outer, members);
    await this.trainer.memory.write(PARAMETERS, this.start);
    this.#round = round;
    this.#expected = members;
    // Before any worker continues and deletes the contributions.
    if (members.length < this.#everybody.length) await exchange.leave(this.#model());
    // A worker that has contributed to this round has completed the previous one, and has stored
    // it.
    if (round > 1) await exchange.drop(round - 1, worker);
    if (round > 2) await exchange.forget(round - 2);
    return report;
  }

  /** Handles a round that others have ended without this worker: it takes their newest model. */
  async #leftBehind(
    round: number,
    bytesSent: number,
    waited: () => number,
    signal: AbortSignal | undefined,
  ): Promise<RoundReport> {
    const { exchange, worker } = this.options;
    this.#waitingFor = undefined;
    for (let looks = 0; ; looks++) {
      const model = await exchange.newest(round);
      if (model === undefined) {
        await exchange.change(looks, signal);
        continue;
      }
      await exchange.drop(round, worker);
      await this.#take(model, signal);
      const bytesReceived = model.weights.byteLength + model.velocity.byteLength;
      return { round: model.round, bytesSent, bytesReceived, waited: waited(), members: this.#expected };
    }
  }

  async #take(model: SpreadModel, signal: AbortSignal | undefined): Promise<void> {
    const { exchange, worker } = this.options;
    if (model.weights.length !== this.start.length || model.velocity.length !== this.start.length)
      throw new ShapeError(
        `The model of round ${model.round} has ${model.weights.length} weights, but this worker's has ` +
          `${this.start.length}.`,
      );
    this.start.set(model.weights);
    this.#velocity.set(model.velocity);
    await this.trainer.memory.write(PARAMETERS, this.start);
    this.#round = model.round;
    const members = (await exchange.closed(model.round, signal)) ?? this.#everybody;
    this.#expected = members.filter((k) => k !== worker);
    await exchange.join(model.round + 1, worker, signal);
  }

  get #everybody(): readonly number[] {
    return Array.from({ length: this.options.workers }, (_, k) => k);
  }

  #model(): SpreadModel {
    return { round: this.#round, weights: this.start, velocity: this.#velocity };
  }
}

/** [E], a copy. */
async function weightsOf({ memory }: Pick<Trainer, 'memory'>): Promise<Float32Array> {
  return Float32Array.from(await memory.read(PARAMETERS));
}
