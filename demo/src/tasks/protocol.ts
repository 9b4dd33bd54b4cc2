import type { CellPlace, Sum } from '../drawing/shape.js';
import type { Answer, Entry, Fault } from '../host/messages.js';
import type { OwnChoice, OwnLook } from './own/choice.js';
import type { Unrolled, UnrolledRequest } from './unrolled.js';
import type { Moment, Question, Reply, TaskFacts } from './view.js';

/**
 * The form: what a run is made from. The engine checks the entries and quotes them in its messages.
 */
export interface TaskSettings {
  /** Name of an entry of the catalogue, or `own`. */
  readonly task: string;
  readonly cell: string;
  readonly layers: Entry;
  readonly hidden: Entry;
  /** `0` or `1`. */
  readonly bidirectional: string;
  /** `none`: a summary vector is all that the decoder sees. Empty for tasks that do not write. */
  readonly attention: string;
  readonly batch: Entry;
  readonly rate: Entry;
  readonly seed: Entry;
  readonly backend: string;
}

/** A visitor's records, and what is learned from them. */
export interface OwnData {
  /** Name of the file, or the title of a pasted text. */
  readonly name: string;
  readonly content: Blob;
  readonly choice: OwnChoice;
}

/** Progress of a training, reported a few times per second. */
export interface TaskProgress {
  readonly step: number;
  /** Mean loss of the steps since the last report. */
  readonly loss: number;
  /** NaN before the first steps. */
  readonly stepsPerSecond: number;
  /** Seconds of training, without pauses, since this page started or resumed the run. */
  readonly seconds: number;
}

/** The answers of the network after a trial. */
export interface Trial extends Moment {
  /** Wrong answers among the tried examples. */
  readonly wrong: readonly Reply[];
  /** Number of examples tried. */
  readonly tried: number;
  /** See `TaskProgress`. */
  readonly seconds: number;
  /** Whether the slider returns to it. */
  readonly kept: boolean;
}

/** A state for the browser's storage. */
export interface KeptTask {
  readonly step: number;
  readonly checkpoint: Uint8Array;
}

/** Reports of the worker. `run` is the number of the run. */
export interface TaskListener {
  progress(run: number, progress: TaskProgress): void;
  tried(run: number, trial: Trial): void;
  keep(run: number, kept: KeptTask): void;
  /** An error has stopped the training. */
  failed(run: number, fault: Fault): void;
  /** Resolves after the page has handled all earlier reports. */
  heard(): void | Promise<void>;
}

/** Requests to the worker, executed one at a time, each between two training steps. */
export interface TaskService {
  listen(listener: TaskListener): void;
  /** Guesses columns and task of a visitor's file. Changes nothing else. */
  look(name: string, content: Blob, choice?: OwnChoice): Promise<Answer<OwnLook>>;
  /** Makes a new run, paused at step 0. If that fails, the previous one continues. */
  start(settings: TaskSettings, own?: OwnData): Promise<Answer<TaskFacts>>;
  /**
   * Makes a paused run from a checkpoint of this page or of the command.
   * @param own a visitor's records, if the checkpoint has learned from them
   * @returns the facts and the settings of the checkpoint
   */
  load(
    checkpoint: Uint8Array,
    settings: TaskSettings,
    own?: OwnData,
  ): Promise<Answer<{ readonly facts: TaskFacts; readonly settings: TaskSettings }>>;
  play(): void;
  pause(): Promise<Answer<null>>;
  /** Takes one step and pauses. */
  step(): Promise<Answer<null>>;
  ask(question: Question): Promise<Answer<Reply>>;
  /** Returns the activations of the network over an example. */
  unroll(request: UnrolledRequest): Promise<Answer<Unrolled>>;
  /** Returns the terms of one unit's values in the last unrolled example. */
  unrolledSums(place: CellPlace & { readonly unit: number }): Promise<Answer<readonly Sum[]>>;
  save(): Promise<Answer<Uint8Array>>;
  /** Sends the state to the page to be stored, if it has changed. */
  keep(): Promise<Answer<null>>;
}
