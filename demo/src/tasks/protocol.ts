import type { CellPlace, Sum } from '../drawing/shape.js';
import type { Answer, Entry, Fault } from '../host/messages.js';
import type { OwnChoice, OwnLook } from './own/choice.js';
import type { Unrolled, UnrolledRequest } from './unrolled.js';
import type { Moment, Question, Reply, TaskFacts } from './view.js';

/** The form: what a run is made from. Entries are checked by the engine, which quotes them. */
export interface TaskSettings {
  /** Name of an entry of the list, or `own`. */
  readonly task: string;
  readonly cell: string;
  readonly layers: Entry;
  readonly hidden: Entry;
  /** `0` or `1`. */
  readonly bidirectional: string;
  /** `none`: all that was read stands in one summary. Of tasks that do not write: empty. */
  readonly attention: string;
  readonly batch: Entry;
  readonly rate: Entry;
  readonly seed: Entry;
  readonly backend: string;
}

/** A visitor's records, and what is to be learned of them. */
export interface OwnData {
  /** Name of the file, or what a pasted text is called. */
  readonly name: string;
  readonly content: Blob;
  readonly choice: OwnChoice;
}

/** Where training is, told a few times a second. */
export interface TaskProgress {
  readonly step: number;
  /** Mean loss of the steps since the last progress. */
  readonly loss: number;
  /** NaN before there are any. */
  readonly stepsPerSecond: number;
  /** Seconds of training alone since this page began it, or goes on with it. */
  readonly seconds: number;
}

/** What the network knows by now, told when it has been tried. */
export interface Trial extends Moment {
  /** Examples that it still has wrong, of those that it was tried on. */
  readonly wrong: readonly Reply[];
  /** Examples that it was tried on. */
  readonly tried: number;
  /** See `TaskProgress`. */
  readonly seconds: number;
  /** Whether the slider is to keep it. */
  readonly kept: boolean;
}

/** A state that the page is to write to the browser's storage. */
export interface KeptTask {
  readonly step: number;
  readonly checkpoint: Uint8Array;
}

/** What the worker tells unasked. `run` is the number of the run that it is about. */
export interface TaskListener {
  progress(run: number, progress: TaskProgress): void;
  tried(run: number, trial: Trial): void;
  keep(run: number, kept: KeptTask): void;
  /** Training has been stopped by an error. */
  failed(run: number, fault: Fault): void;
  /** Done when all that was told before has been heard. */
  heard(): void | Promise<void>;
}

/** What the page asks of the worker, one after the other, each between two training steps. */
export interface TaskService {
  listen(listener: TaskListener): void;
  /** Guesses columns and task of a visitor's file; nothing else changes. */
  look(name: string, content: Blob, choice?: OwnChoice): Promise<Answer<OwnLook>>;
  /** Makes a new run, paused at step 0; where that fails, the one before goes on. */
  start(settings: TaskSettings, own?: OwnData): Promise<Answer<TaskFacts>>;
  /**
   * Makes a run, paused, of a checkpoint: of this page, or of the command.
   * @param own a visitor's records, where the checkpoint has learned such
   * @returns with it the settings that it says
   */
  load(
    checkpoint: Uint8Array,
    settings: TaskSettings,
    own?: OwnData,
  ): Promise<Answer<{ readonly facts: TaskFacts; readonly settings: TaskSettings }>>;
  play(): void;
  pause(): Promise<Answer<null>>;
  /** One step, then a pause. */
  step(): Promise<Answer<null>>;
  ask(question: Question): Promise<Answer<Reply>>;
  /** The network over an example. */
  unroll(request: UnrolledRequest): Promise<Answer<Unrolled>>;
  /** How one unit's numbers came about in what was unrolled last. */
  unrolledSums(place: CellPlace & { readonly unit: number }): Promise<Answer<readonly Sum[]>>;
  save(): Promise<Answer<Uint8Array>>;
  /** Hands the state to the page to be kept, if it has moved on. */
  keep(): Promise<Answer<null>>;
}
