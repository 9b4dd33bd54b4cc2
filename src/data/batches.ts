import { FileFormatError, OptionError } from '../core/errors.js';
import { oneOf, onlyKnown, seedNumber, wholeNumber } from '../core/options.js';
import { checkCorpus } from './check-source.js';
import type { Corpus } from './corpus.js';
import { type Ids, whenAll } from './ids.js';
import { type Cut, cutWindows, type Sampling } from './windows.js';

/** One window of T time steps for N batch rows. */
export interface Window {
  /** Ids `[T,N]`: what the model reads. */
  readonly inputs: Uint32Array<ArrayBuffer>;
  /** Ids `[T,N]`: the character after each input. */
  readonly targets: Uint32Array<ArrayBuffer>;
  /**
   * `[N]`: 1 where the row's state is carried over from the window before, 0 where it is set to
   * zero before this window.
   */
  readonly keep: Float32Array<ArrayBuffer>;
  /** Epoch, from 0. */
  readonly epoch: number;
  /** Number of the window within its epoch, from 0. */
  readonly index: number;
  /** Position of row 0's first input in the corpus. */
  readonly position: number;
}

/** How many targets of a window are known to a vocabulary of V symbols, and so count in its loss. */
export function knownTargets(targets: ArrayLike<number>, V: number): number {
  let known = 0;
  for (let i = 0; i < targets.length; i++) if (targets[i] < V) known++;
  return known;
}

/** Where a batcher stands: plain data for a checkpoint. */
export interface BatcherState {
  /** How windows are cut from a text, or the name of a task with its options. */
  readonly sampling: string;
  readonly seed: number;
  /** Of the next window. */
  readonly epoch: number;
  readonly index: number;
  readonly windowsPerEpoch: number;
}

/** Hands out windows without end, epoch after epoch. */
export interface Batcher {
  readonly batch: number;
  readonly time: number;
  readonly windowsPerEpoch: number;
  /**
   * Targets that count in a whole window: N·T for a text, fewer for a task that scores some of its
   * positions.
   */
  readonly scored: number;
  /**
   * The next window: at once where the ids are at hand (always in memory and in Node), else a
   * promise.
   */
  next(): Window | Promise<Window>;
  state(): BatcherState;
  /**
   * Goes to where another batcher of the same text and options stood. Throws a FileFormatError when
   * it cannot be the same.
   */
  restore(state: BatcherState): void;
}

/** How windows are cut; see Sampling. */
export interface BatchOptions {
  readonly sampling: Sampling;
  /** N. */
  readonly batch: number;
  /** T. */
  readonly time: number;
  /** Decides the order of `random`; default 0. */
  readonly seed?: number;
  /** Whether the state is carried within an epoch; default true, and always false for `random`. */
  readonly carry?: boolean;
}

/**
 * A batcher over a corpus. Throws a DataError when the text is too short for one window, with the
 * arithmetic.
 */
export function createBatcher(corpus: Corpus, options: BatchOptions): Batcher {
  checkCorpus(corpus);
  return new WindowBatcher(corpus, options);
}

/**
 * Refuses the position of another batcher, and a damaged one.
 * @param own the state of the batcher that is to go there
 */
export function checkPosition(saved: BatcherState, own: BatcherState): void {
  const { sampling, seed, windowsPerEpoch } = own;
  if (saved.sampling !== sampling || saved.seed !== seed || saved.windowsPerEpoch !== windowsPerEpoch) {
    throw new FileFormatError(
      `The saved position is in ${saved.windowsPerEpoch} windows per epoch (sampling ` +
        `${saved.sampling}, seed ${saved.seed}), but this run has ${windowsPerEpoch} ` +
        `(sampling ${sampling}, seed ${seed}): go on with the same text, batch, time, sampling and seed.`,
    );
  }
  if (!(
    Number.isInteger(saved.epoch) &&
    saved.epoch >= 0 &&
    Number.isInteger(saved.index) &&
    saved.index >= 0 &&
    saved.index < windowsPerEpoch
  )) {
    throw new FileFormatError(
      `The saved position is damaged: epoch ${saved.epoch}, window ${saved.index} of ${windowsPerEpoch}.`,
    );
  }
}

class WindowBatcher implements Batcher {
  readonly batch: number;
  readonly time: number;
  readonly windowsPerEpoch: number;
  private readonly sampling: Sampling;
  private readonly seed: number;
  readonly scored: number;
  private readonly carry: boolean;
  private readonly cut: Cut;
  private epoch = 0;
  private index = 0;
  /** The next window, under way, where the ids are not at hand. */
  private ahead: Promise<Window> | undefined;

  constructor(
    private readonly corpus: Corpus,
    options: BatchOptions,
  ) {
    onlyKnown('batches', options, ['sampling', 'batch', 'time', 'seed', 'carry']);
    this.sampling = oneOf('sampling', options.sampling, ['pointer', 'consecutive', 'random', 'whole']);
    this.batch = wholeNumber('batch', options.batch);
    this.time = wholeNumber('time', options.time);
    this.seed = seedNumber(options.seed);
    this.carry = options.carry ?? true;
    this.scored = this.batch * this.time;
    if (this.sampling === 'pointer' && this.batch !== 1)
      throw new OptionError('batch', this.batch, '1, since "pointer" sampling has a single pointer');
    if (corpus.streams > 1) {
      if (this.sampling !== 'consecutive')
        throw new OptionError(
          'sampling',
          this.sampling,
          `consecutive, since the ids come in ${corpus.streams} streams`,
        );
      if (this.batch !== corpus.streams)
        throw new OptionError('batch', this.batch, `${corpus.streams}, one row for each stream of ids`);
    }
    this.cut = cutWindows(this.sampling, corpus.ids.length, this.batch, this.time, this.seed);
    this.windowsPerEpoch = this.cut.windowsPerEpoch;
  }

  next(): Window | Promise<Window> {
    const window = this.ahead ?? this.read(this.epoch, this.index);
    this.ahead = undefined;
    this.index++;
    if (this.index === this.windowsPerEpoch) [this.epoch, this.index] = [this.epoch + 1, 0];
    if (window instanceof Promise) {
      const following = this.read(this.epoch, this.index);
      this.ahead = Promise.resolve(following);
      // Whoever asks for that window gets the error; until then it must not count as unhandled.
      this.ahead.catch(() => undefined);
    }
    return window;
  }

  state(): BatcherState {
    const { sampling, seed, epoch, index, windowsPerEpoch } = this;
    return { sampling, seed, epoch, index, windowsPerEpoch };
  }

  restore(state: BatcherState): void {
    checkPosition(state, this.state());
    this.epoch = state.epoch;
    this.index = state.index;
    this.ahead = undefined;
  }

  private read(epoch: number, index: number): Window | Promise<Window> {
    return this.corpus.streams > 1 ? this.readStreams(epoch, index) : this.readRows(epoch, index);
  }

  /** Row n reads T + 1 ids from its own place. */
  private readRows(epoch: number, index: number): Window | Promise<Window> {
    const { batch: N, time: T, cut } = this;
    const position = cut.start(epoch, index, 0);
    const rows = Array.from({ length: N }, (_, n) => {
      const start = cut.start(epoch, index, n);
      return this.corpus.ids.read(start, Math.max(0, Math.min(T + 1, cut.end(n) - start)));
    });
    const build = (ids: readonly Ids[]): Window => {
      const window = this.emptyWindow(epoch, index, position);
      ids.forEach((row, n) => {
        for (let t = 0; t < Math.min(T, row.length - 1); t++) {
          window.inputs[t * N + n] = row[t];
          window.targets[t * N + n] = row[t + 1];
        }
      });
      return window;
    };
    return whenAll(rows, build);
  }

  /**
   * With streams, the ids of one position stand together: a window is one piece of (T + 1)·N ids,
   * already time-major.
   */
  private readStreams(epoch: number, index: number): Window | Promise<Window> {
    const { batch: N, time: T } = this;
    const position = index * T;
    const piece = this.corpus.ids.read(position * N, (T + 1) * N);
    const build = (ids: Ids): Window => {
      const window = this.emptyWindow(epoch, index, position);
      window.inputs.set(ids.subarray(0, T * N));
      window.targets.set(ids.subarray(N, (T + 1) * N));
      return window;
    };
    return whenAll([piece], ([ids]) => build(ids));
  }

  private emptyWindow(epoch: number, index: number, position: number): Window {
    const size = this.time * this.batch;
    const unknown = this.corpus.vocabulary.unknown;
    const inputs = new Uint32Array(size).fill(unknown);
    const keep = new Float32Array(this.batch).fill(this.carry && this.cut.carries(index) ? 1 : 0);
    return { inputs, targets: inputs.slice(), keep, epoch, index, position };
  }
}
