import { OptionError } from '../../core/errors.js';
import { onlyKnown, seedNumber, wholeNumber } from '../../core/options.js';
import { Random, STREAM } from '../../core/random.js';
import {
  checkPosition,
  type EvaluateOptions,
  type Examination,
  type Loader,
  type LoaderOptions,
  type LoaderState,
} from '../../train/source.js';
import { Vocabulary } from '../vocabulary.js';
import { WINDOW_FIELDS, type SymbolSource, type WindowBatch, type WindowFields } from '../window-loader.js';

/**
 * A made-up task instead of a text: batches without end. Each row is a whole problem that starts
 * from a zero state. Targets that do not count have the unknown id V, which has no loss.
 */
export interface Task extends SymbolSource {
  readonly name: string;
  /** A description of the task in one line. */
  readonly about: string;
  /** T: time steps of a batch. */
  readonly time: number;
  /** Mean loss per target, in nats, of a network without memory. */
  readonly baseline: number;
  /** Held-out batches, the same every time. */
  examination(options: EvaluateOptions): Examination<WindowFields>;
}

/** Options of `copyMemory`. */
export interface CopyMemoryOptions {
  /** Number of symbols to remember. Default 10. */
  readonly symbols?: number;
  /** Number of steps from the last symbol to the recall mark. Default 30. */
  readonly delay?: number;
}

/** The eight symbols. */
export const COPY_SYMBOLS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
/** The input of steps without a symbol. */
export const COPY_BLANK = '.';
/** The input that asks for the symbols. */
export const COPY_MARK = '>';
const BLANK = COPY_SYMBOLS.length;
const MARK = COPY_SYMBOLS.length + 1;

/** Default size of an evaluation: about a thousand rows. */
const EXAMINED = { batch: 128, batches: 8 };

/** Windows do not repeat. Schedules and the length of a run take this many windows as an epoch. */
const WINDOWS_PER_EPOCH = 1000;

/**
 * The copy-memory task (Hochreiter and Schmidhuber, 1997, in the form of Arjovsky, Shah and Bengio,
 * 2016). The inputs are symbols, a gap of blanks that ends with the recall mark, and more blanks.
 * The targets are the same symbols in the same order after the mark:
 *
 *     inputs   a c h … . . . . > . . .        T = symbols + delay + symbols
 *     targets  - - - … - - - - - a c h        ("-": not scored)
 *
 * Symbols are uniform and independent, so a network without memory has the loss log 8 for each.
 * Only the recalled symbols are scored, because the blanks before them are easy. So loss and
 * accuracy measure memory only.
 */
export function copyMemory(options: CopyMemoryOptions = {}): Task {
  onlyKnown('copyMemory', options, ['symbols', 'delay']);
  const symbols = wholeNumber('symbols', options.symbols ?? 10);
  const delay = wholeNumber('delay', options.delay ?? 30);
  const time = symbols + delay + symbols;
  const name = `copy-memory (${symbols} symbols, delay ${delay})`;
  return {
    name,
    about: `recall ${symbols} of ${COPY_SYMBOLS.length} symbols after a gap of ${delay} steps`,
    fields: WINDOW_FIELDS,
    fingerprint: name,
    vocabulary: Vocabulary.fromSymbols([...COPY_SYMBOLS, COPY_BLANK, COPY_MARK]),
    targets: 'own',
    time,
    baseline: Math.log(COPY_SYMBOLS.length),
    loader: (wanted: LoaderOptions = {}) => {
      if (wanted.time !== undefined && wanted.time !== time)
        throw new OptionError('time', wanted.time, `${time}, the length of a window of ${name}`);
      return new CopyMemoryLoader(symbols, delay, wanted.batch, wanted.seed, STREAM.data, WINDOWS_PER_EPOCH);
    },
    // Another stream of random numbers makes windows that do not occur in training with any seed.
    examination: ({ batch = EXAMINED.batch, batches = EXAMINED.batches }) => ({
      loader: new CopyMemoryLoader(symbols, delay, batch, 0, STREAM.heldOut, batches),
      measures: true,
    }),
  };
}

class CopyMemoryLoader implements Loader<WindowFields> {
  readonly #N: number;
  readonly #seed: number;
  #epoch = 0;
  #index = 0;

  constructor(
    readonly symbols: number,
    readonly delay: number,
    batch: number | undefined,
    seed: number | undefined,
    readonly stream: number,
    readonly batchesPerEpoch: number,
  ) {
    this.#N = wholeNumber('batch', batch);
    this.#seed = seedNumber(seed);
  }

  next(): WindowBatch {
    const { symbols, delay } = this;
    const [N, T] = [this.#N, symbols + delay + symbols];
    const unknown = MARK + 1;
    const inputs = new Uint32Array(T * N).fill(BLANK);
    const targets = new Uint32Array(T * N).fill(unknown);
    const [epoch, index] = [this.#epoch, this.#index];
    // One random word for each symbol: a window depends on its number only.
    const number = epoch * this.batchesPerEpoch + index;
    const random = new Random(this.#seed, this.stream, number * N * symbols);
    for (let n = 0; n < N; n++) {
      for (let s = 0; s < symbols; s++)
        inputs[s * N + n] = targets[(symbols + delay + s) * N + n] = Math.floor(
          random.uniform() * COPY_SYMBOLS.length,
        );
      inputs[(symbols + delay - 1) * N + n] = MARK;
    }
    this.#index++;
    if (this.#index === this.batchesPerEpoch) [this.#epoch, this.#index] = [epoch + 1, 0];
    const arrays = { inputs, targets, keep: new Float32Array(N) };
    return { arrays, sizes: { T, N }, count: N * symbols, epoch, index };
  }

  state(): LoaderState {
    const order = `copy-memory ${this.symbols}/${this.delay}`;
    const { batchesPerEpoch } = this;
    return { order, seed: this.#seed, epoch: this.#epoch, index: this.#index, batchesPerEpoch };
  }

  restore(state: LoaderState): void {
    checkPosition(state, this.state());
    [this.#epoch, this.#index] = [state.epoch, state.index];
  }
}
