import type { Answer, Entry, Fault } from '../host/messages.js';
import type { Problem } from './answers.js';

/** Name of the task among the names of texts. */
export const COPY_MEMORY = 'copy-memory';

/**
 * How weights begin: uniform in ±1/√H as PyTorch has it, or recurrent weights orthogonal, which
 * neither shrink nor stretch.
 */
export const WEIGHTS = ['uniform', 'orthogonal'] as const;

/** One of the networks that are compared, as typed. */
export interface RunEntries {
  readonly cell: string;
  readonly hidden: Entry;
  readonly layers: Entry;
  readonly rate: Entry;
}

/** What is compared: all runs learn the same windows with the same seed. */
export interface ComparisonEntries {
  /** `COPY_MEMORY`, or the name of a bundled or synthetic text. */
  readonly data: string;
  /** Of copy-memory: symbols to recall, and steps between the last of them and the recall. */
  readonly symbols: Entry;
  readonly delay: Entry;
  /** Of a text: time steps. A window of copy-memory has a length of its own. */
  readonly time: Entry;
  readonly batch: Entry;
  readonly seed: Entry;
  /** One of `WEIGHTS`. */
  readonly weights: string;
  readonly backend: string;
  /** Two or three; one of a trial of a grid. */
  readonly runs: readonly RunEntries[];
}

/** What is true of a comparison from its first step to its last. */
export interface ComparisonFacts {
  /** Number of the comparison in this worker. */
  readonly number: number;
  readonly adapter: string;
  readonly backend: 'webgpu' | 'cpu' | 'reference';
  /** Why the CPU was taken. */
  readonly notice?: string;
  /** What is learned, in a line. */
  readonly about: string;
  /** What one prediction is of. */
  readonly unit: 'character' | 'symbol';
  /** Whether the networks write a sample, or else are asked what they recall. */
  readonly writes: boolean;
  /** Language tag of a text, where it is known. */
  readonly language?: string;
  /** Bits per character or symbol of guessing at random. */
  readonly baseline: number;
  /** T and N */
  readonly time: number;
  readonly batch: number;
  readonly runs: readonly { readonly parameters: number; readonly dispatchesPerStep: number }[];
  /** Of a task: some problems that are never learned. */
  readonly problems: readonly Problem[];
  /** Before the first step. */
  readonly first: Measured;
}

/** Every run has taken the same number of steps, one after the other. */
export interface Round {
  /** Steps of each run so far, and of this round. */
  readonly step: number;
  readonly steps: number;
  readonly runs: readonly {
    /** Mean loss of the steps of this round, in bits per character or symbol. */
    readonly bits: number;
    /** Training time of this run so far. */
    readonly seconds: number;
    /** Updates that were skipped so far, since gradients were not finite. */
    readonly skipped: number;
  }[];
}

/**
 * The way on which the gradient comes back: through the cell where there is one, else through the
 * state.
 */
export function wayBack({
  flow,
  cellFlow,
}: {
  readonly flow: readonly number[];
  readonly cellFlow?: readonly number[];
}): readonly number[] {
  return cellFlow ?? flow;
}

/** What was measured between two rounds, with the weights of this step. */
export interface Measured {
  readonly step: number;
  readonly runs: readonly {
    /**
     * The last prediction of several windows, which are the same every time: norm of its gradient
     * dL/dh_t in the first layer, by time step.
     */
    readonly flow: readonly number[];
    /** Of an LSTM: dL/dc_t, the way on which most of it comes back. */
    readonly cellFlow?: readonly number[];
    /** Of a task: share of held-out symbols that are recalled. */
    readonly accuracy?: number;
    /** Of a task: what is recalled of each problem. */
    readonly answers?: readonly string[];
    /** Of a text: what the network writes. */
    readonly sample?: string;
  }[];
}

/**
 * What the worker tells unasked. News of another comparison than the one that is shown are to be
 * ignored.
 */
export interface ComparisonListener {
  round(number: number, round: Round): void;
  measured(number: number, measured: Measured): void;
  /** An error ended it. */
  ended(number: number, fault: Fault): void;
  /**
   * Done when all that was told before has been heard: answers to the page's own questions come on
   * another way, and may overtake it.
   */
  heard(): void | Promise<void>;
}

/** What the page asks of the worker. */
export interface ComparisonService {
  listen(listener: ComparisonListener): void;
  /** Makes a comparison, paused at step 0; where that fails, the one before stays. */
  start(entries: ComparisonEntries): Promise<Answer<ComparisonFacts>>;
  /** @param until the step after which it rests by itself; without it, somebody pauses it */
  play(until?: number): void;
  /** Done when no step is under way and the page has heard what was measured last. */
  pause(): Promise<Answer<null>>;
}
