import { normOf } from '../core/arrays.js';
import { DataError, OptionError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { SerialQueue } from '../core/async-turns.js';
import { checkNextSymbolModel, readsNoFuture } from '../text/next-symbol-model.js';
import { CharModel } from '../text/char-model.js';
import { readTrace } from '../layers/trace.js';
import { checkDevice, checkMemory } from '../plan/check-device.js';
import type { Device, Memory, Program } from '../plan/device.js';
import { activationsGraph, connectivityGraph, INPUT_GRADIENTS, PROBABILITIES } from './graphs.js';

/** A symbol that may come next. */
export interface Candidate {
  readonly symbol: string;
  readonly probability: number;
}

/**
 * States and gates of one layer by name, each [T,H]; see `LayerTrace`. State t is after symbol t.
 */
export type Activations = Readonly<Record<string, Float32Array>>;

/** States, gates and predictions of a model that reads a text of T symbols from zero states. */
export interface Inspection {
  /** The symbols of the text. An unknown symbol is shown as it was written. */
  readonly symbols: readonly string[];
  /** H: hidden units of each layer. */
  readonly hidden: number;
  /** Activations by layer; layer 0 reads the input. */
  readonly layers: readonly Activations[];
  /** The likeliest next symbols after each symbol, the likeliest first. */
  readonly likeliest: readonly (readonly Candidate[])[];
  /**
   * Probability of symbol t + 1 after symbol t, [T]. It is NaN for the last symbol, and where the
   * next symbol is unknown.
   */
  readonly next: Float32Array;
}

/** Options of `Inspector.inspect`. */
export interface InspectOptions {
  /** Number of the likeliest next symbols. Default 5. */
  readonly likeliest?: number;
}

/** How strongly a prediction depends on each symbol before it. */
export interface Connectivity {
  /** Position of the last symbol that is read before the prediction. */
  readonly position: number;
  /** The symbol whose log-probability is differentiated. */
  readonly symbol: string;
  /** ‖∂ log p(symbol) / ∂x_t‖, [position + 1], where x_t [V] is the one-hot vector of symbol t. */
  readonly norms: Float32Array;
}

/** Options of `Inspector.connectivity`. */
export interface ConnectivityOptions {
  /** The predicted symbol. Default: the next symbol of the text. */
  readonly symbol?: string;
}

/** A text as the model reads it. */
interface Reading {
  readonly symbols: readonly string[];
  readonly ids: ArrayLike<number>;
}

/**
 * Lengths of windows are rounded up to a multiple of this, so that texts of similar length share a
 * program. The padding after the text does not change the results.
 */
const WINDOW_QUANTUM = 32;
/** Number of programs that are kept. */
const KEPT = 4;

/**
 * Inspects a character model that reads a text, with the weights in a memory, such as that of a
 * trainer. It does not change the state of training. Dropout is off.
 */
export class Inspector {
  readonly #programs = new Map<string, Promise<Program>>();
  /** All calls use the same tensors, so they run one after another. */
  readonly #queue = new SerialQueue();
  /**
   * The model with fused cells: it has the same parameters, and saves gates and states of all
   * steps.
   */
  readonly #fused: CharModel;

  /**
   * @param memory a memory with the model's parameters; the inspector adds states of its own to it
   * @throws OptionError for a bidirectional model, which also reads later symbols
   */
  constructor(
    readonly model: CharModel,
    readonly device: Device,
    readonly memory: Memory,
  ) {
    checkNextSymbolModel(model);
    checkDevice(device);
    checkMemory(memory);
    this.#fused = new CharModel(model.vocabulary, { ...readsNoFuture(model).config, form: 'fused' });
  }

  /** Inspects the model while it reads a text. @throws DataError for an empty text */
  inspect(text: string, options: InspectOptions = {}): Promise<Inspection> {
    onlyKnown('inspect', options, ['likeliest']);
    const count = wholeNumber('likeliest', options.likeliest ?? 5);
    return this.#queue.run(() => this.#inspect(this.#read(text), count));
  }

  /**
   * How strongly the prediction after symbol `position` depends on each symbol up to it.
   * @throws OptionError for a position outside the text, or a symbol that is not in the vocabulary
   */
  connectivity(text: string, position: number, options: ConnectivityOptions = {}): Promise<Connectivity> {
    onlyKnown('connectivity', options, ['symbol']);
    return this.#queue.run(() => this.#connectivity(this.#read(text), position, options.symbol));
  }

  /** Frees the programs, but not the memory. */
  dispose(): void {
    for (const program of this.#programs.values())
      void program.then((ready) => ready.dispose()).catch(() => undefined);
    this.#programs.clear();
  }

  #read(text: string): Reading {
    const { vocabulary } = this.model;
    const { ids } = vocabulary.encode(text);
    if (ids.length === 0) throw new DataError('There is nothing to inspect: the text is empty.');
    const symbols =
      vocabulary.separator === '' ? [...text] : Array.from(ids, (id) => vocabulary.decode([id]));
    return { symbols, ids };
  }

  async #inspect({ symbols, ids }: Reading, count: number): Promise<Inspection> {
    const { layers: L, hidden } = this.#fused.config;
    const { program, window } = await this.#program('activations', ids.length);
    await program.submit([{ ids: this.#padded(ids, window), keep: new Float32Array(1) }]);
    const trace = await readTrace(program, this.#fused.stack, { T: window, N: 1 }, undefined);
    const probabilities = await program.read(PROBABILITIES);
    const T = ids.length;
    const V = this.model.vocabulary.size;
    const layers = Array.from({ length: L }, (_, l) =>
      Object.fromEntries(
        Object.entries(trace[l][0]).map(([name, values]) => [name, values.slice(0, T * hidden)]),
      ),
    );
    return {
      symbols,
      hidden,
      layers,
      likeliest: Array.from({ length: T }, (_, t) =>
        this.#likeliest(probabilities.subarray(t * V, (t + 1) * V), count),
      ),
      next: Float32Array.from({ length: T }, (_, t) =>
        t + 1 < T && ids[t + 1] < V ? probabilities[t * V + ids[t + 1]] : NaN,
      ),
    };
  }

  #likeliest(probabilities: ArrayLike<number>, count: number): Candidate[] {
    return largest(probabilities, count).map((id) => ({
      symbol: this.model.vocabulary.symbols[id],
      probability: probabilities[id],
    }));
  }

  async #connectivity(
    { symbols, ids }: Reading,
    position: number,
    chosen: string | undefined,
  ): Promise<Connectivity> {
    const { vocabulary } = this.model;
    const V = vocabulary.size;
    const T = ids.length;
    if (wholeNumber('position', position, 0) >= T)
      throw new OptionError(
        'position',
        position,
        `a position in the text of ${T} symbols, from 0 to ${T - 1}`,
      );
    if (chosen === undefined && position === T - 1)
      throw new OptionError(
        'position',
        position,
        `a position below ${T - 1}, after which the text has a symbol, or the option symbol`,
      );
    const symbol = chosen ?? symbols[position + 1];
    const target = chosen === undefined ? ids[position + 1] : vocabulary.symbols.indexOf(chosen);
    if (target < 0 || target >= V)
      throw new OptionError('symbol', symbol, `one of the vocabulary's ${V} symbols`);
    // Later symbols do not change the prediction. With the whole text, all positions share a program.
    const { program, window } = await this.#program('connectivity', T);
    const targets = new Uint32Array(window).fill(V);
    targets[position] = target;
    await program.submit([{ ids: this.#padded(ids, window), targets, keep: new Float32Array(1) }]);
    const gradients = await program.read(INPUT_GRADIENTS);
    const norms = Float32Array.from({ length: position + 1 }, (_, t) =>
      normOf(gradients.subarray(t * V, (t + 1) * V)),
    );
    return { position, symbol, norms };
  }

  /** The ids, padded with unknown symbols to the length of the window. */
  #padded(ids: ArrayLike<number>, window: number): Uint32Array {
    const padded = new Uint32Array(window).fill(this.model.vocabulary.size);
    padded.set(ids);
    return padded;
  }

  async #program(
    kind: 'activations' | 'connectivity',
    T: number,
  ): Promise<{ program: Program; window: number }> {
    const window = Math.ceil(T / WINDOW_QUANTUM) * WINDOW_QUANTUM;
    const key = `${kind} ${window}`;
    const graphOf = kind === 'activations' ? activationsGraph : connectivityGraph;
    const program =
      this.#programs.get(key) ??
      this.device.prepare(graphOf(this.#fused, window), this.memory, { maxSteps: 1 });
    this.#programs.delete(key);
    this.#programs.set(key, program); // moves it to the end: it is the program used last
    for (const [other, old] of [...this.#programs].slice(0, -KEPT)) {
      this.#programs.delete(other);
      (await old).dispose();
    }
    try {
      return { program: await program, window };
    } catch (error) {
      this.#programs.delete(key);
      throw error;
    }
  }
}

/**
 * Indices of the `count` largest values, the largest first; of equal values the lower index first.
 */
function largest(values: ArrayLike<number>, count: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (found.length === count && values[i] <= values[found[count - 1]]) continue;
    let place = found.length;
    while (place > 0 && values[found[place - 1]] < values[i]) place--;
    found.splice(place, 0, i);
    if (found.length > count) found.pop();
  }
  return found;
}
