import { onlyKnown, seedNumber, wholeNumber } from '../../core/options.js';
import { Random, STREAM } from '../../core/random.js';
import { checkPosition, type Batcher, type BatcherState, type Window } from '../batches.js';
import type { Task, TaskBatchOptions } from '../task.js';
import { Vocabulary } from '../vocabulary.js';

/** Sizes of a copy-memory task. */
export interface CopyMemoryOptions {
  /** Symbols to remember. Default 10. */
  readonly symbols?: number;
  /** Steps from the last symbol to the recall mark, which is the last of them. Default 30. */
  readonly delay?: number;
}

/** The eight symbols, the blank and the recall mark. */
const SYMBOLS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
const BLANK = SYMBOLS.length;
const MARK = SYMBOLS.length + 1;

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
  return {
    kind: 'task',
    name: `copy-memory (${symbols} symbols, delay ${delay})`,
    about: `recall ${symbols} of ${SYMBOLS.length} symbols after a gap of ${delay} steps`,
    vocabulary: Vocabulary.fromSymbols([...SYMBOLS, '.', '>']),
    time: symbols + delay + symbols,
    scoredPerRow: symbols,
    baseline: Math.log(SYMBOLS.length),
    batcher: (batch) => new CopyMemoryBatcher(symbols, delay, batch),
  };
}

class CopyMemoryBatcher implements Batcher {
  readonly batch: number;
  readonly time: number;
  readonly windowsPerEpoch = WINDOWS_PER_EPOCH;
  readonly scored: number;
  readonly #seed: number;
  readonly #stream: number;
  #epoch = 0;
  #index = 0;

  constructor(
    readonly symbols: number,
    readonly delay: number,
    options: TaskBatchOptions,
  ) {
    onlyKnown('batches', options, ['batch', 'seed', 'heldOut']);
    this.batch = wholeNumber('batch', options.batch);
    this.time = symbols + delay + symbols;
    this.scored = this.batch * symbols;
    this.#seed = seedNumber(options.seed);
    this.#stream = options.heldOut === true ? STREAM.heldOut : STREAM.data;
  }

  next(): Window {
    const { batch: N, time: T, symbols, delay } = this;
    const unknown = MARK + 1;
    const inputs = new Uint32Array(T * N).fill(BLANK);
    const targets = new Uint32Array(T * N).fill(unknown);
    // One random word for each symbol: a window follows from its number alone.
    const number = this.#epoch * WINDOWS_PER_EPOCH + this.#index;
    const random = new Random(this.#seed, this.#stream, number * N * symbols);
    for (let n = 0; n < N; n++) {
      for (let s = 0; s < symbols; s++)
        inputs[s * N + n] = targets[(symbols + delay + s) * N + n] = Math.floor(
          random.uniform() * SYMBOLS.length,
        );
      inputs[(symbols + delay - 1) * N + n] = MARK;
    }
    const window = {
      inputs,
      targets,
      keep: new Float32Array(N),
      epoch: this.#epoch,
      index: this.#index,
      position: number * T,
    };
    this.#index++;
    if (this.#index === WINDOWS_PER_EPOCH) [this.#epoch, this.#index] = [this.#epoch + 1, 0];
    return window;
  }

  state(): BatcherState {
    const sampling = `copy-memory ${this.symbols}/${this.delay}`;
    return {
      sampling,
      seed: this.#seed,
      epoch: this.#epoch,
      index: this.#index,
      windowsPerEpoch: WINDOWS_PER_EPOCH,
    };
  }

  restore(state: BatcherState): void {
    checkPosition(state, this.state());
    [this.#epoch, this.#index] = [state.epoch, state.index];
  }
}
