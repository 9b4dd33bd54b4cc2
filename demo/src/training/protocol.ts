import type { StepReport } from '../../../src/index.js';
import type { Answer, Entry, Fault } from '../host/messages.js';
import type { CellPlace, Sum } from '../drawing/shape.js';
import type { InsideRequest, InsideView } from '../inside/protocol.js';
import type { Reading, ReadingRequest } from '../now/protocol.js';
import type { WindowSettings } from './least-text.js';

/** The text to learn. */
export type TextChoice =
  | { readonly kind: 'bundled'; readonly name: string }
  | { readonly kind: 'synthetic'; readonly name: string }
  | { readonly kind: 'pasted'; readonly text: string }
  | { readonly kind: 'file'; readonly file: File | undefined };

/** The entries of the form: what a training run is made from. */
export interface Settings {
  readonly text: TextChoice;
  readonly preset: string;
  /** A kind of cell, or `rnn-relu` for the cell rnn with ReLU. */
  readonly cell: string;
  readonly layers: Entry;
  readonly hidden: Entry;
  readonly dropout: Entry;
  readonly recurrentDropout: Entry;
  readonly time: Entry;
  readonly batch: Entry;
  readonly optimizer: string;
  readonly rate: Entry;
  readonly schedule: string;
  /** Steps in which the rate rises to its full size. */
  readonly warmup: Entry;
  /** Of the schedule `step`: the factor per epoch, and the epochs before it applies. */
  readonly rateDecay: Entry;
  readonly rateDecayAfter: Entry;
  /** Of the schedule `cosine`: the share of the rate that remains at the last step. */
  readonly rateFloor: Entry;
  /** Empty or 0: no clipping. */
  readonly clipNorm: Entry;
  readonly clipValue: Entry;
  /** Share of the text, at its end, that is held back; empty or 0: none. */
  readonly validation: Entry;
  readonly seed: Entry;
  /** The step after which training ends; empty: never. */
  readonly steps: Entry;
  readonly backend: string;
  /**
   * `1`: training ends when the held-back loss stops falling, and the network returns to its best
   * state. Default `0`.
   */
  readonly untilLearned?: string;
}

/** The settings that a recipe fills in, and that a loaded checkpoint has. */
export type RecipeSettings = Omit<
  Settings,
  'text' | 'preset' | 'seed' | 'steps' | 'backend' | 'untilLearned'
>;

/** How samples are drawn; may change at any time. */
export interface SampleSettings {
  readonly prime: string;
  /** How characters are chosen: one of `DRAWS`. */
  readonly draw: string;
  readonly temperature: Entry;
  /** For the draw `top-k`. */
  readonly topK: Entry;
  readonly length: Entry;
  /** Steps between two samples; 0: only on request; empty: increasing distances. */
  readonly sampleEvery: Entry;
}

/** Draw from all characters, from the k likeliest, or always take the likeliest. */
export const DRAWS = ['all', 'top-k', 'argmax'] as const;

/** The choices of the form. */
export interface Catalogue {
  readonly bundled: readonly { readonly name: string; readonly title: string }[];
  readonly synthetic: readonly { readonly name: string; readonly about: string; readonly memory: string }[];
  readonly presets: readonly {
    readonly name: string;
    readonly about: string;
    /** How windows are taken from a text. */
    readonly windows: WindowSettings['windows'];
    readonly settings: RecipeSettings;
    readonly sampling: Omit<SampleSettings, 'prime'>;
  }[];
  readonly cells: readonly string[];
  readonly optimizers: readonly string[];
  /** An initial rate for each optimizer. */
  readonly rates: Readonly<Record<string, number>>;
  readonly schedules: readonly string[];
}

/** Size and cost of a run before it starts. */
export interface Estimate {
  readonly parameters: number;
  /** Characters to train on. A file is not read to its end for this: then it is an upper bound. */
  readonly characters: number;
  readonly exact: boolean;
  /** V. */
  readonly symbols: number;
  /** Launches of one training step, from the plan. */
  readonly dispatches: number;
  /** Bytes of the buffers of the training plan. */
  readonly bytes: number;
  /** N·T. */
  readonly charactersPerStep: number;
}

/** Facts that stay the same during a run. */
export interface RunFacts {
  /** Number of the run in this worker. */
  readonly run: number;
  readonly adapter: string;
  readonly backend: 'webgpu' | 'cpu' | 'reference';
  /** Why the CPU was chosen. */
  readonly notice?: string;
  readonly text: {
    readonly title: string;
    /** Language tag, if known. */
    readonly language?: string;
    readonly characters: number;
    /** V: number of distinct characters. */
    readonly symbols: number;
    /** The characters that the network knows. */
    readonly alphabet: readonly string[];
    readonly opening: string;
    readonly warnings: readonly string[];
  };
  /** Characters held back for validation; 0: none. */
  readonly held: number;
  readonly parameters: number;
  readonly dispatchesPerStep: number;
  /** Loss of uniform guessing, in the units of `loss`. */
  readonly baseline: number;
  /** Whether losses are sums over a window instead of means per character. */
  readonly summed: boolean;
  /** N·T. */
  readonly charactersPerStep: number;
  /** The settings that are used. */
  readonly used: RecipeSettings & Pick<Settings, 'seed'> & { readonly rate: number };
  readonly step: number;
  readonly smoothLoss: number;
  /** Sentences about how a checkpoint is continued. */
  readonly warnings: readonly string[];
  /** Steps that training can return to, ascending. */
  readonly snapshots: readonly number[];
}

/** Progress of a training, reported a few times per second. */
export interface Progress {
  readonly report: StepReport;
  /** Mean loss of the steps since the last report. */
  readonly loss: number;
  /** Largest gradient norm of these steps. */
  readonly norm: number;
  /** The number of these steps, and how many were clipped. */
  readonly steps: number;
  readonly clipped: number;
  /** Over the last seconds of training; NaN before the first. */
  readonly stepsPerSecond: number;
}

/** A loss on the held-back text. */
export interface Validation {
  readonly step: number;
  /** Mean loss per character in bits. */
  readonly bitsPerChar: number;
}

/** A text that the model wrote. */
export interface Sample {
  readonly step: number;
  readonly prime: string;
  readonly temperature: number;
  /** Number of likeliest characters to draw from; 0: all. */
  readonly topK: number;
  readonly text: string;
  readonly warning?: string;
  /** Present if the visitor stopped it before its end. */
  readonly stopped?: true;
  /** Share of its words that occur in the text, if the text has words. */
  readonly known?: number;
}

/**
 * Reports from the worker to the page. `run` is the number of the run; the page ignores late
 * reports of an old one.
 */
export interface Listener {
  progress(run: number, progress: Progress): void;
  sample(run: number, sample: Sample): void;
  /** The beginning of a sample that is being written. */
  writing(run: number, sample: Sample): void;
  validated(run: number, validation: Validation): void;
  /**
   * Training has paused itself because the held-back loss stopped falling.
   * @param best the best measurement; training can return to the state of its step
   */
  learned(run: number, best: Validation): void;
  /** Advice of the engine about the last steps, in the page's words. */
  advised(run: number, advice: string): void;
  /** Training has ended: at its last step, or by an error. */
  ended(run: number, fault?: Fault): void;
  /** A checkpoint to restart from if the device is lost. */
  kept(run: number, kept: Kept): void;
  /** The steps that training can return to have changed. */
  snapshots(run: number, steps: readonly number[]): void;
  /** The result of storing a state in the browser. */
  stored(run: number, stored: Stored): void;
  /**
   * Resolves after the page has handled all earlier reports. Answers to the page's requests use
   * another channel and may overtake reports.
   */
  heard(): void | Promise<void>;
}

/** A checkpoint in the page's memory. */
export interface Kept {
  readonly step: number;
  readonly checkpoint: Uint8Array;
}

/**
 * Requests from the page to the worker. Commands are executed one at a time, each between two
 * training steps.
 */
export interface TrainingService {
  catalogue(): Catalogue;
  listen(listener: Listener): void;
  /** Returns size and cost of a run with these settings, while training continues. */
  estimate(settings: Settings): Promise<Answer<Estimate>>;
  /**
   * Reads a text with the initial weights of these settings; null if network or text are too large
   * for that.
   */
  firstReading(settings: Settings, request: ReadingRequest): Promise<Answer<Reading | null>>;
  /** Reads a part of the text with the current weights. Training continues unchanged. */
  reading(request: ReadingRequest): Promise<Answer<Reading>>;
  /** Sets whether training ends when the text is learned. */
  setUntilLearned(until: boolean): void;
  /** Makes a new run, paused at step 0. If that fails, the previous one continues. */
  start(settings: Settings, sampling: SampleSettings): Promise<Answer<RunFacts>>;
  /**
   * Makes a paused run from a checkpoint and the text of `settings`. If that fails, the previous
   * one continues.
   */
  load(checkpoint: Uint8Array, settings: Settings, sampling: SampleSettings): Promise<Answer<RunFacts>>;
  /** Makes a paused run from the stored state of a step of the previous run. */
  windBack(step: number, sampling: SampleSettings): Promise<Answer<RunFacts>>;
  play(): void;
  pause(): Promise<Answer<null>>;
  /** Takes one step and pauses. */
  step(): Promise<Answer<null>>;
  setRate(rate: Entry): Promise<Answer<null>>;
  setSampling(sampling: SampleSettings): Answer<null>;
  sample(): Promise<Answer<null>>;
  /** Stops the writing of a sample at once; its beginning is reported as the sample. */
  stopWriting(): void;
  save(): Promise<Answer<Uint8Array>>;
  /**
   * Inspects the network between two training steps; null if the page has the current results
   * already.
   */
  inside(request: InsideRequest): Promise<Answer<InsideView | null>>;
  /** Returns the terms of one unit's values at a character of that text. */
  insideSums(
    request: InsideRequest,
    place: CellPlace & { readonly unit: number },
  ): Promise<Answer<readonly Sum[]>>;
  /** Continues a text by 200 characters, drawn like the samples. */
  goOn(prime: string): Promise<Answer<string>>;
  /**
   * Stores the states of this run in the browser from now on, under this label; null stops that.
   * Resolves when no write is under way.
   */
  keepAs(run: number, label: RunLabel | null): Promise<Answer<null>>;
  /** Saves the current state, if it has changed since the last save. */
  keep(): Promise<Answer<null>>;
}

/**
 * Where the text of a saved run is found: a named text by its name, others by their key in the
 * storage.
 */
export type TextNote =
  | { readonly kind: 'bundled' | 'synthetic'; readonly name: string }
  | {
      readonly kind: 'pasted' | 'file';
      /** Runs over the same text share one copy of it. */
      readonly key: string;
      /** Why its content is not in the storage; absent if it is. */
      readonly missing?: MissingText;
    };

/** Why a text is not stored. A page may read it in another language than that of the moment. */
export type MissingText =
  | { readonly why: 'noRoom' }
  | { readonly why: 'refused'; readonly reason: string }
  /** Both in bytes. */
  | { readonly why: 'tooLarge'; readonly size: number; readonly most: number }
  /** A sentence, as earlier versions of the page have stored it. */
  | string;

/** What the page stores about a run besides its state. */
export interface RunLabel {
  readonly id: string;
  /** Title of its text. */
  readonly name: string;
  readonly text: TextNote;
  readonly settings: Omit<Settings, 'text'>;
  readonly sampling: SampleSettings;
  /** Whether it began with new weights, so that "Reset" can give it new ones again. */
  readonly fresh: boolean;
}

/** How far a run has come. */
export interface RunState {
  readonly step: number;
  /**
   * Smoothed surprise in bits per character. Entries of earlier versions of the page do not have
   * it.
   */
  readonly bits?: number;
}

/** A small entry of the list of saved runs. Checkpoint, text and history are stored separately. */
export interface SavedRun extends RunLabel, RunState {
  /** Milliseconds since 1970. */
  readonly when: number;
  /** Bytes of its checkpoint. */
  readonly bytes: number;
}

/** The result of storing a state. */
export type Stored =
  | { readonly ok: true; readonly run: SavedRun }
  /** @param reason one or two sentences: what happened, and what to do */
  | { readonly ok: false; readonly step: number; readonly reason: string };
