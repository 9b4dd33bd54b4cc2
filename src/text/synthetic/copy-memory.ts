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
 * A made-up task in place of a text: batches without end, each row a whole problem that starts from
 * zero states. Targets that do not count have the unknown id V, which the loss leaves out.
 */
export interface Task extends SymbolSource {
  readonly name: string;
  /** What the network has to do, in a line. */
  readonly about: string;
  /** T: time steps of a batch. */
  readonly time: number;
  /** Mean loss per target that counts, in nats, of a network that remembers nothing. */
  readonly baseline: number;
  /** Held-out batches, the same every time. */
  examination(options: EvaluateOptions): Examination<WindowFields>;
}

/** Sizes of a copy-memory task. */
export interface CopyMemoryOptions {
  /** Symbols to remember. Default 10. */
  readonly symbols?: number;
  /** Steps from the last symbol to the recall mark, which is the last of them. Default 30. */
  readonly delay?: number;
}

/** The eight symbols. */
export const COPY_SYMBOLS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
/** What comes in where nothing is to be remembered, and what asks for the symbols. */
export const COPY_BLANK = '.';
export const COPY_MARK = '>';
const BLANK = COPY_SYMBOLS.length;
const MARK = COPY_SYMBOLS.length + 1;

/** Batches of an evaluation, and rows of each: about a thousand rows. */
const EXAMINED = { batch: 128, batches: 8 };

/** Windows never come again; so many count as an epoch, for schedules and the length of a run. */
const WINDOWS_PER_EPOCH = 1000;

/**
 * The copy-memory task (Hochreiter and Schmidhuber, 1997, in the form of Arjovsky, Shah and Bengio,
 * 2016): symbols, a gap of blanks that ends in the recall mark, and then, while blanks come in, the
 * same symbols in the same order:
 *
 *     inputs   a c h … . . . . > . . .        T = symbols + delay + symbols
 *     targets  - - - … - - - - - a c h        ("-": not scored)
 *
 * Symbols are uniform and independent, so a network that has forgotten them has the loss log 8 for
 * each. Only the recalled symbols are scored, not the blanks before them, which anything learns:
 * loss and accuracy are those of memory alone.
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
    // Windows that no training window with any seed is: drawn from random numbers of their own.
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
    // One random word for each symbol: a window follows from its number alone.
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
