import type { StepReport } from '../../../src/index.js';
import type { Answer, Entry, Fault } from '../host/messages.js';
import type { CellPlace, Sum } from '../drawing/shape.js';
import type { InsideRequest, InsideView } from '../inside/protocol.js';
import type { Reading, ReadingRequest } from '../now/protocol.js';

/** The text to learn. */
export type TextChoice =
  | { readonly kind: 'bundled'; readonly name: string }
  | { readonly kind: 'synthetic'; readonly name: string }
  | { readonly kind: 'pasted'; readonly text: string }
  | { readonly kind: 'file'; readonly file: File | undefined };

/** The form: what a training run is made from. */
export interface Settings {
  readonly text: TextChoice;
  readonly preset: string;
  /** A kind of cell, or `rnn-relu`: the cell rnn with another activation. */
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
  /** Of the schedule `step`: factor per epoch, and the epochs before it. */
  readonly rateDecay: Entry;
  readonly rateDecayAfter: Entry;
  /** Of the schedule `cosine`: share of the rate that remains in the last step. */
  readonly rateFloor: Entry;
  /** Empty or 0: gradients are not clipped. */
  readonly clipNorm: Entry;
  readonly clipValue: Entry;
  /** Share of the text, its end, that is held back; empty or 0: none. */
  readonly validation: Entry;
  readonly seed: Entry;
  /** The step after which training ends; empty: never. */
  readonly steps: Entry;
  readonly backend: string;
  /**
   * `1`: training ends when the part of the text that is held back is learned no better any more, and
   * the network goes back to where it knew it best. Default `0`.
   */
  readonly untilLearned?: string;
}

/** The settings that a recipe fills in, and that a loaded checkpoint has. */
export type RecipeSettings = Omit<
  Settings,
  'text' | 'preset' | 'seed' | 'steps' | 'backend' | 'untilLearned'
>;

/** How the model's own texts are drawn; may change at any time. */
export interface SampleSettings {
  readonly prime: string;
  /** How characters are chosen: one of `DRAWS`. */
  readonly draw: string;
  readonly temperature: Entry;
  /** Of the draw `top-k`. */
  readonly topK: Entry;
  readonly length: Entry;
  /** Steps from one sample to the next; 0: none but on demand; empty: more and more of them. */
  readonly sampleEvery: Entry;
}

/** All characters may be drawn, the k likeliest alone, or the likeliest is taken every time. */
export const DRAWS = ['all', 'top-k', 'argmax'] as const;

/** What there is to choose from. */
export interface Catalogue {
  readonly bundled: readonly { readonly name: string; readonly title: string }[];
  readonly synthetic: readonly { readonly name: string; readonly about: string; readonly memory: string }[];
  readonly presets: readonly {
    readonly name: string;
    readonly about: string;
    readonly settings: RecipeSettings;
    readonly sampling: Omit<SampleSettings, 'prime'>;
  }[];
  readonly cells: readonly string[];
  readonly optimizers: readonly string[];
  /** A rate to begin with, by optimizer. */
  readonly rates: Readonly<Record<string, number>>;
  readonly schedules: readonly string[];
}

/** What a run would be, told before it starts. */
export interface Estimate {
  readonly parameters: number;
  /**
   * Of the text that is trained on. A file is not read to its end for this: then it is at most so
   * many.
   */
  readonly characters: number;
  readonly exact: boolean;
  /** V */
  readonly symbols: number;
  /** Launches of one training step, from the plan. */
  readonly dispatches: number;
  /** Bytes of the buffers of the training plan. */
  readonly bytes: number;
  /** N·T */
  readonly charactersPerStep: number;
}

/** What is true of a run from its first step to its last. */
export interface RunFacts {
  /** Number of the run in this worker. */
  readonly run: number;
  readonly adapter: string;
  readonly backend: 'webgpu' | 'cpu' | 'reference';
  /** Why the CPU was taken. */
  readonly notice?: string;
  readonly text: {
    readonly title: string;
    /** Language tag, where it is known. */
    readonly language?: string;
    readonly characters: number;
    /** V: different characters. */
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
  /** N·T */
  readonly charactersPerStep: number;
  /** The settings as they are used. */
  readonly used: RecipeSettings & Pick<Settings, 'seed'> & { readonly rate: number };
  readonly step: number;
  readonly smoothLoss: number;
  /** Steps to which it can be wound back, rising. */
  readonly snapshots: readonly number[];
}

/** Where training is, told a few times a second. */
export interface Progress {
  readonly report: StepReport;
  /** Mean loss of the steps since the last progress. */
  readonly loss: number;
  /** Largest gradient norm of these steps. */
  readonly norm: number;
  /** How many of these steps there were, and how many were clipped by norm. */
  readonly steps: number;
  readonly clipped: number;
  /** Over the last seconds of training; NaN before there are any. */
  readonly stepsPerSecond: number;
}

/** The loss on the text that was held back. */
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
  /** Number of likeliest characters among which it was drawn; 0: all. */
  readonly topK: number;
  readonly text: string;
  readonly warning?: string;
  /** Whether somebody has stopped it before its end. */
  readonly stopped?: true;
  /** Share of its words that are words of the text, where the text has words. */
  readonly known?: number;
}

/**
 * What the worker tells the page unasked. `run` is the number of the run that it is about: late
 * news of an old one are to be ignored.
 */
export interface Listener {
  progress(run: number, progress: Progress): void;
  sample(run: number, sample: Sample): void;
  /** A sample so far, while it is being written. */
  writing(run: number, sample: Sample): void;
  validated(run: number, validation: Validation): void;
  /**
   * Training has paused by itself: text that is held back is learned no better any more.
   * @param best where it was known best; the state of that step can be gone back to
   */
  learned(run: number, best: Validation): void;
  /** Training ended by itself: at its last step, or by an error. */
  ended(run: number, fault?: Fault): void;
  /** A checkpoint to restart from if the device is lost. */
  kept(run: number, kept: Kept): void;
  /** The steps to which the training can be wound back have changed. */
  snapshots(run: number, steps: readonly number[]): void;
  /** What became of a state that was to be written to the browser's storage. */
  stored(run: number, stored: Stored): void;
  /**
   * Done when all that was told before has been heard: answers to the page's own questions come on
   * another way, and may overtake it.
   */
  heard(): void | Promise<void>;
}

/** A checkpoint in the page's memory. */
export interface Kept {
  readonly step: number;
  readonly checkpoint: Uint8Array;
}

/**
 * What the page asks of the worker. Commands are carried out one after the other, each between two
 * training steps.
 */
export interface TrainingService {
  catalogue(): Catalogue;
  listen(listener: Listener): void;
  /** What a run with these settings would be. Training goes on meanwhile. */
  estimate(settings: Settings): Promise<Answer<Estimate>>;
  /**
   * What a network of these settings makes of the text before it has learned anything; null for
   * networks and texts that are too large to be looked at beforehand.
   */
  firstReading(settings: Settings, request: ReadingRequest): Promise<Answer<Reading | null>>;
  /** What the network makes of a part of its text. Training goes on, and takes the same steps. */
  reading(request: ReadingRequest): Promise<Answer<Reading>>;
  /** Whether training ends when the text is learned. */
  setUntilLearned(until: boolean): void;
  /** Makes a new run, paused at step 0; where that fails, the one before goes on. */
  start(settings: Settings, sampling: SampleSettings): Promise<Answer<RunFacts>>;
  /**
   * Makes a run, paused, of a checkpoint and the text of `settings`; where that fails, the run
   * before goes on.
   */
  load(checkpoint: Uint8Array, settings: Settings, sampling: SampleSettings): Promise<Answer<RunFacts>>;
  /** Makes a run, paused, of the state that was kept at this step of the run before. */
  windBack(step: number, sampling: SampleSettings): Promise<Answer<RunFacts>>;
  play(): void;
  pause(): Promise<Answer<null>>;
  /** One step, then a pause. */
  step(): Promise<Answer<null>>;
  setRate(rate: Entry): Promise<Answer<null>>;
  setSampling(sampling: SampleSettings): Answer<null>;
  sample(): Promise<Answer<null>>;
  /** Ends the writing of a sample at once; what there is of it is told as the sample. */
  stopWriting(): void;
  save(): Promise<Answer<Uint8Array>>;
  /**
   * Looks inside the network, between two training steps; null where the page shows all of it
   * already.
   */
  inside(request: InsideRequest): Promise<Answer<InsideView | null>>;
  /** How the numbers of one unit come about at a character of that text. */
  insideSums(
    request: InsideRequest,
    place: CellPlace & { readonly unit: number },
  ): Promise<Answer<readonly Sum[]>>;
  /** Goes on writing after a text, 200 characters, in the way that samples are drawn. */
  goOn(prime: string): Promise<Answer<string>>;
  /**
   * Writes the states of this run to the browser's storage from now on, under this label; null: no
   * more of them. Done when nothing of it is being written.
   */
  keepAs(run: number, label: RunLabel | null): Promise<Answer<null>>;
  /** Keeps the state as it is now, if it has moved on. */
  keep(): Promise<Answer<null>>;
}

/**
 * Where the text of a saved run is found again: named texts by their names, others by their key in
 * the storage.
 */
export type TextNote =
  | { readonly kind: 'bundled' | 'synthetic'; readonly name: string }
  | {
      readonly kind: 'pasted' | 'file';
      /** Runs over the same text share one copy of it. */
      readonly key: string;
      /** Why its content is not in the storage, as a sentence; absent where it is. */
      readonly missing?: string;
    };

/** What the page notes of a run beside its state. */
export interface RunLabel {
  readonly id: string;
  /** Title of its text. */
  readonly name: string;
  readonly text: TextNote;
  readonly settings: Omit<Settings, 'text'>;
  readonly sampling: SampleSettings;
  /** Whether it began with fresh weights, so that "Reset" can begin so again. */
  readonly fresh: boolean;
}

/** Where a run is. */
export interface RunState {
  readonly step: number;
  /**
   * Surprise where the thick curve has come to, in bits a letter. Entries that an earlier version of
   * the page has kept have none.
   */
  readonly bits?: number;
}

/** An entry of the list of saved runs: small; checkpoint, text and history stand apart. */
export interface SavedRun extends RunLabel, RunState {
  /** Milliseconds since 1970. */
  readonly when: number;
  /** Size of its checkpoint. */
  readonly bytes: number;
}

/** What became of a state that was to be stored. */
export type Stored =
  | { readonly ok: true; readonly run: SavedRun }
  /** @param reason one sentence or two: what happened, what to do */
  | { readonly ok: false; readonly step: number; readonly reason: string };
