/**
 * The file to read first. A run is spread over workers that train on their own shard of the data and
 * meet every H steps: `exchange.ts` carries weights between them, `outer-step.ts` makes one model of
 * what they reached.
 */
import { OptionError, ShapeError } from '../core/errors.js';
import { wholeNumber } from '../core/options.js';
import { PARAMETERS } from '../layers/parameters.js';
import type { Trainer } from '../train/trainer.js';
import type { Exchange } from './exchange.js';
import { outerStep, readOuter, type OuterOptions } from './outer-step.js';

export interface SpreadOptions {
  readonly exchange: Exchange;
  /** K. */
  readonly workers: number;
  /** Which of them this is, counted from 0. */
  readonly worker: number;
  readonly outer?: OuterOptions;
}

/** Where a worker stood, so that it can go on there: what a checkpoint of its trainer does not have. */
export interface SpreadState {
  /** Rounds done. */
  readonly round: number;
  /** [E], the momentum of the outer step. */
  readonly velocity: Float32Array;
}

/** What one round exchanged. */
export interface RoundReport {
  /** Counted from 1. */
  readonly round: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Seconds in which this worker waited for the others. */
  readonly waited: number;
}

/**
 * One worker of a spread run (DiLoCo, Douillard et al. 2023, https://arxiv.org/abs/2311.08105).
 * Whoever trains calls `exchange` after every H steps of the trainer. All workers must start from the
 * same weights. The state of the inner optimizer stays with its worker.
 */
export class SpreadWorker {
  readonly #outer: Required<OuterOptions>;
  readonly #velocity: Float32Array;
  #round: number;
  #waitingFor: number | undefined;

  private constructor(
    readonly trainer: Pick<Trainer, 'memory'>,
    readonly options: SpreadOptions,
    /** [E], the weights that all workers started the round from. */
    readonly start: Float32Array,
    state: SpreadState | undefined,
  ) {
    this.#outer = readOuter(options.outer);
    this.#round = state?.round ?? 0;
    this.#velocity = state?.velocity.slice() ?? new Float32Array(start.length);
    if (this.#velocity.length !== start.length)
      throw new ShapeError(
        `The outer momentum has ${this.#velocity.length} numbers, but the model has ${start.length} weights.`,
      );
  }

  /**
   * @param trainer at the start of a round: its weights are those of all workers
   * @param state where the round is not the first
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
    return new SpreadWorker(trainer, options, await weightsOf(trainer), state);
  }

  /** The worker whose contribution `exchange` waits for. */
  get waitingFor(): number | undefined {
    return this.#waitingFor;
  }

  /** What must be kept together with a checkpoint of the trainer, at the start of a round. */
  get state(): SpreadState {
    return { round: this.#round, velocity: this.#velocity.slice() };
  }

  /**
   * Ends a round: hands in the weights, waits for those of all workers, and takes the outer step, after
   * which all workers have the same weights. Call it while the trainer does not run.
   * @throws the reason of the signal where that ends the wait
   */
  async exchange(signal?: AbortSignal): Promise<RoundReport> {
    const { exchange, worker, workers } = this.options;
    const round = this.#round + 1;
    const bytesSent = await exchange.put(round, worker, await weightsOf(this.trainer));
    const began = performance.now();
    const reached: Float32Array[] = [];
    let bytesReceived = 0;
    for (let k = 0; k < workers; k++) {
      this.#waitingFor = k;
      // Its own too: where it did the round before, the first contribution counts.
      const { weights, bytes } = await exchange.take(round, k, signal);
      reached.push(weights);
      if (k !== worker) bytesReceived += bytes;
    }
    this.#waitingFor = undefined;
    const waited = (performance.now() - began) / 1000;
    outerStep(this.start, reached, this.#velocity, this.#outer);
    await this.trainer.memory.write(PARAMETERS, this.start);
    this.#round = round;
    // Whoever has contributed to this round has done the one before, and keeps that.
    if (round > 1) await exchange.drop(round - 1, worker);
    return { round, bytesSent, bytesReceived, waited };
  }
}

/** [E], a copy. */
async function weightsOf({ memory }: Pick<Trainer, 'memory'>): Promise<Float32Array> {
  return Float32Array.from(await memory.read(PARAMETERS));
}
