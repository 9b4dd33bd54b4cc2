import { OptionError } from '../core/errors.js';
import { oneOf, onlyKnown, seedNumber, wholeNumber } from '../core/options.js';
import type { Batch } from '../train/batch.js';
import { checkPosition, type Loader, type LoaderState, type Source } from '../train/source.js';
import { type Ids, type IdSource, whenAll } from './ids.js';
import type { Vocabulary } from './vocabulary.js';
import { type WindowPlan, planWindows, type Sampling } from './windows.js';

/**
 * The arrays of a window of T time steps for N batch rows.
 * - `inputs` `[T,N]`: ids that the model reads
 * - `targets` `[T,N]`: for a text, the character after each input
 * - `keep` `[N]`: 1 if the row carries its state over from the previous window, 0 if it starts
 *   again
 */
export const WINDOW_FIELDS = {
  inputs: { dtype: 'u32', shape: ['T', 'N'] },
  targets: { dtype: 'u32', shape: ['T', 'N'] },
  keep: { dtype: 'f32', shape: ['N'] },
} as const;
export type WindowFields = typeof WINDOW_FIELDS;

/** One window. */
export type WindowBatch = Batch<WindowFields>;

/** A source of windows of symbols: a text, or a made-up task. */
export interface SymbolSource extends Source<WindowFields> {
  readonly vocabulary: Vocabulary;
  /** Name in messages. Default `the text`. */
  readonly name?: string;
  /**
   * `next` if each target is the symbol after its input, which a bidirectional model has read
   * already. `own` for other targets.
   */
  readonly targets: 'next' | 'own';
}

/** Options of windows of a text. */
export interface CorpusWindowsOptions {
  /** The order of windows; see `Sampling`. Default `consecutive`. */
  readonly sampling?: Sampling;
  /** N: rows of a window. */
  readonly batch: number;
  /** T: steps of a window. */
  readonly time: number;
  /** Decides the order of `random`. Default 0. */
  readonly seed?: number;
  /** Whether rows carry their state within an epoch. Default true, but false for `random`. */
  readonly carry?: boolean;
}

/** A text that windows are taken from. */
export interface WindowedText {
  readonly vocabulary: Vocabulary;
  /** All ids `[S,streams]`, row-major. */
  readonly ids: IdSource;
  readonly streams: number;
  readonly fingerprint: string;
}

/**
 * Loads windows of a text.
 * @throws OptionError for a wrong option, DataError if the text is too short for one window
 */
export class WindowLoader implements Loader<WindowFields> {
  readonly batchesPerEpoch: number;
  readonly #text: WindowedText;
  readonly #N: number;
  readonly #T: number;
  readonly #sampling: Sampling;
  readonly #seed: number;
  readonly #carry: boolean;
  readonly #plan: WindowPlan;
  #epoch = 0;
  #index = 0;
  /** The next window, if it is being loaded. */
  #ahead: Promise<WindowBatch> | undefined;

  constructor(
    text: WindowedText,
    options: { readonly [K in keyof CorpusWindowsOptions]?: CorpusWindowsOptions[K] | undefined },
  ) {
    onlyKnown('windows', options, ['sampling', 'batch', 'time', 'seed', 'carry']);
    this.#text = text;
    this.#sampling = oneOf('sampling', options.sampling ?? 'consecutive', [
      'pointer',
      'consecutive',
      'random',
      'whole',
    ]);
    this.#N = wholeNumber('batch', options.batch);
    this.#T = wholeNumber('time', options.time);
    this.#seed = seedNumber(options.seed);
    this.#carry = options.carry ?? this.#sampling !== 'random';
    if (this.#sampling === 'pointer' && this.#N !== 1)
      throw new OptionError('batch', this.#N, '1, since "pointer" sampling has a single pointer');
    const { streams } = text;
    if (streams > 1) {
      if (this.#sampling !== 'consecutive' && this.#sampling !== 'whole')
        throw new OptionError(
          'sampling',
          this.#sampling,
          `consecutive, since the ids come in ${streams} streams`,
        );
      if (this.#N !== streams)
        throw new OptionError('batch', this.#N, `${streams}, one row for each stream of ids`);
    }
    // Each stream has a first id, which is not a target.
    const length = this.#sampling === 'whole' ? text.ids.length - streams + 1 : text.ids.length;
    this.#plan = planWindows(this.#sampling, length, this.#N, this.#T, this.#seed);
    this.batchesPerEpoch = this.#plan.windowsPerEpoch;
  }

  next(): WindowBatch | Promise<WindowBatch> {
    const window = this.#ahead ?? this.#read(this.#epoch, this.#index);
    this.#ahead = undefined;
    this.#index++;
    if (this.#index === this.batchesPerEpoch) [this.#epoch, this.#index] = [this.#epoch + 1, 0];
    if (window instanceof Promise) {
      const following = this.#read(this.#epoch, this.#index);
      this.#ahead = Promise.resolve(following);
      // The next call reports an error of this promise. Without this handler, the error would count
      // as unhandled before that.
      this.#ahead.catch(() => undefined);
    }
    return window;
  }

  state(): LoaderState {
    return {
      source: this.#text.fingerprint,
      order: this.#sampling,
      seed: this.#seed,
      epoch: this.#epoch,
      index: this.#index,
      batchesPerEpoch: this.batchesPerEpoch,
    };
  }

  restore(state: LoaderState): void {
    checkPosition(state, this.state());
    this.#epoch = state.epoch;
    this.#index = state.index;
    this.#ahead = undefined;
  }

  #read(epoch: number, index: number): WindowBatch | Promise<WindowBatch> {
    return this.#text.streams > 1 ? this.#readStreams(epoch, index) : this.#readRows(epoch, index);
  }

  /** A window of a single stream: each row reads T + 1 ids at its own start. */
  #readRows(epoch: number, index: number): WindowBatch | Promise<WindowBatch> {
    const [N, T, plan] = [this.#N, this.#T, this.#plan];
    const rows = Array.from({ length: N }, (_, n) => {
      const start = plan.start(epoch, index, n);
      return this.#text.ids.read(start, Math.max(0, Math.min(T + 1, plan.end(n) - start)));
    });
    const build = (ids: readonly Ids[]): WindowBatch => {
      const [inputs, targets] = [this.#unknown(), this.#unknown()];
      ids.forEach((row, n) => {
        for (let t = 0; t < Math.min(T, row.length - 1); t++) {
          inputs[t * N + n] = row[t];
          targets[t * N + n] = row[t + 1];
        }
      });
      return this.#batch(inputs, targets, epoch, index);
    };
    return whenAll(rows, build);
  }

  /**
   * A window of several streams: (T + 1)·N successive ids, which are time-major already. The last
   * window of an evaluation may be shorter.
   */
  #readStreams(epoch: number, index: number): WindowBatch | Promise<WindowBatch> {
    const [N, T] = [this.#N, this.#T];
    const steps = Math.min(T, this.#text.ids.length / N - 1 - index * T);
    const piece = this.#text.ids.read(index * T * N, (steps + 1) * N);
    return whenAll([piece], ([ids]) => {
      const [inputs, targets] = [this.#unknown(), this.#unknown()];
      inputs.set(ids.subarray(0, steps * N));
      targets.set(ids.subarray(N, (steps + 1) * N));
      return this.#batch(inputs, targets, epoch, index);
    });
  }

  #unknown(): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#T * this.#N).fill(this.#text.vocabulary.unknown);
  }

  #batch(
    inputs: Uint32Array<ArrayBuffer>,
    targets: Uint32Array<ArrayBuffer>,
    epoch: number,
    index: number,
  ): WindowBatch {
    const [N, T] = [this.#N, this.#T];
    const keep = new Float32Array(N).fill(this.#carry && this.#plan.carries(index) ? 1 : 0);
    return { arrays: { inputs, targets, keep }, sizes: { T, N }, count: this.#count(targets), epoch, index };
  }

  /** Number of known targets. */
  #count(targets: Uint32Array): number {
    const V = this.#text.vocabulary.size;
    let known = 0;
    for (let i = 0; i < targets.length; i++) if (targets[i] < V) known++;
    return known;
  }
}
