import type { Answer, Entry, Fault } from '../host/messages.js';
import type { Problem } from './answers.js';

/** Name of the task among the names of texts. */
export const COPY_MEMORY = 'copy-memory';

/**
 * Initial weights: uniform in ±1/√H as in PyTorch, or with orthogonal recurrent weights, which keep
 * the norm of the state.
 */
export const WEIGHTS = ['uniform', 'orthogonal'] as const;

/** One of the compared networks, as typed. */
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
  /** For copy-memory: symbols to recall, and steps between the last of them and the recall. */
  readonly symbols: Entry;
  readonly delay: Entry;
  /** For a text: time steps. A window of copy-memory has its own length. */
  readonly time: Entry;
  readonly batch: Entry;
  readonly seed: Entry;
  /** One of `WEIGHTS`. */
  readonly weights: string;
  readonly backend: string;
  /** Two or three, or one for a trial of a grid. */
  readonly runs: readonly RunEntries[];
}

/** Facts that stay the same during a comparison. */
export interface ComparisonFacts {
  /** Number of the comparison in this worker. */
  readonly number: number;
  readonly adapter: string;
  readonly backend: 'webgpu' | 'cpu' | 'reference';
  /** Why the CPU was chosen. */
  readonly notice?: string;
  /** What is learned, in one line. */
  readonly about: string;
  /** The unit of one prediction. */
  readonly unit: 'character' | 'symbol';
  /** Whether the networks write samples; if not, they are asked what they recall. */
  readonly writes: boolean;
  /** Language tag of a text, if known. */
  readonly language?: string;
  /** Loss of uniform guessing in bits per character or symbol. */
  readonly baseline: number;
  /** T and N. */
  readonly time: number;
  readonly batch: number;
  readonly runs: readonly { readonly parameters: number; readonly dispatchesPerStep: number }[];
  /** For a task: some held-out problems. */
  readonly problems: readonly Problem[];
  /** Measured before the first step. */
  readonly first: Measured;
}

/** A turn in which every run has taken the same number of steps. */
export interface Round {
  /** Steps of each run so far, and of this round. */
  readonly step: number;
  readonly steps: number;
  readonly runs: readonly {
    /** Mean loss of the steps of this round, in bits per character or symbol. */
    readonly bits: number;
    /** Training time of this run so far. */
    readonly seconds: number;
    /** Updates skipped so far because gradients were not finite. */
    readonly skipped: number;
  }[];
}

/**
 * Returns the gradient that flows back through time: that of the cell if there is one, else of the
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

/** Measured between two rounds with the weights of this step. */
export interface Measured {
  readonly step: number;
  readonly runs: readonly {
    /**
     * Norm of the gradient dL/dh_t of the last prediction in the first layer, by time step, over
     * windows that are the same every time.
     */
    readonly flow: readonly number[];
    /** For an LSTM: dL/dc_t, which carries most of the gradient. */
    readonly cellFlow?: readonly number[];
    /** For a task: share of held-out symbols that are recalled. */
    readonly accuracy?: number;
    /** For a task: the recalled symbols of each problem. */
    readonly answers?: readonly string[];
    /** For a text: a sample of the network. */
    readonly sample?: string;
  }[];
}

/** Reports of the worker. The page ignores those of another comparison than the current one. */
export interface ComparisonListener {
  round(number: number, round: Round): void;
  measured(number: number, measured: Measured): void;
  /** An error has ended it. */
  ended(number: number, fault: Fault): void;
  /**
   * Resolves after the page has handled all earlier reports. Answers to the page's requests use
   * another channel and may overtake reports.
   */
  heard(): void | Promise<void>;
}

/** Requests from the page to the worker. */
export interface ComparisonService {
  listen(listener: ComparisonListener): void;
  /** Makes a comparison, paused at step 0. If that fails, the previous one stays. */
  start(entries: ComparisonEntries): Promise<Answer<ComparisonFacts>>;
  /** @param until the step after which it pauses itself; without it the visitor pauses it */
  play(until?: number): void;
  /** Resolves after the current step has ended and the page has received the last measurement. */
  pause(): Promise<Answer<null>>;
}
