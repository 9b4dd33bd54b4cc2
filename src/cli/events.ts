import type { TaskName } from '../graph.js';
import type { GradientFlow } from '../node.js';

/** Events of a run, in their order. With `--json` each is one line of standard output. */
export type RunEvent =
  | StartEvent
  | StepEvent
  | SampleEvent
  | ValidationEvent
  | GradientFlowEvent
  | CheckpointEvent
  | ExchangeEvent
  | WarningEvent
  | DoneEvent;

/** The first event of a run: over a text or a made-up task, or over records. */
export type StartEvent = TextStartEvent | RecordsStartEvent;

/** The device of a run, and the work of one step. */
export interface MachineFacts {
  readonly backend: string;
  readonly adapter: string;
  readonly runtime: string;
  /** Why this backend was chosen. */
  readonly why: string;
  readonly parameters: number;
  /** For records: of a batch of the largest size. */
  readonly dispatchesPerStep: number;
}

/** The recurrent layers of a model. */
export interface LayerFacts {
  readonly cell: string;
  readonly hidden: number;
  readonly layers: number;
  /** 2 for a bidirectional model. */
  readonly directions: number;
  readonly dropout: number;
  readonly recurrentDropout: number;
}

/** How a run trains, and for how long. */
export interface LengthFacts {
  readonly optimizer: string;
  readonly seed: number;
  /** Steps done before: 0, or the step of the checkpoint. */
  readonly step: number;
  /** Number of the last step. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
}

interface StartFacts extends MachineFacts, LayerFacts, LengthFacts {
  readonly event: 'start';
  /** Rows of a batch. */
  readonly batch: number;
}

export interface TextStartEvent extends StartFacts {
  /** Name of the text or of the task. */
  readonly text: string;
  /** The made-up task; absent for a text. */
  readonly task?: string;
  /** Characters of the text; 0 for a task, whose windows never end. */
  readonly characters: number;
  readonly validationCharacters: number;
  /** V */
  readonly vocabulary: number;
  readonly preset?: string;
  readonly time: number;
  readonly sampling: string;
  /** Whether the state is carried from one window to the next. */
  readonly carry: boolean;
  /**
   * Loss in nats of a model that guesses: per character log V, with perplexity V; for a made-up task
   * per target that counts, such as log 8 for 8 symbols to recall.
   */
  readonly uniformLoss: number;
  readonly uniformPerplexity: number;
}

export interface RecordsStartEvent extends StartFacts {
  readonly task: TaskName;
  /** The task in a few words. */
  readonly about: string;
  /** Names of the files. */
  readonly data: readonly string[];
  /** Records for training. */
  readonly records: number;
  readonly validationRecords: number;
  /** Sizes that batches are padded to, by letter. */
  readonly sizes: readonly Readonly<Record<string, number>>[];
  /** Loss of guessing. Absent where it is unknown, as for numbers. */
  readonly uniformLoss?: number;
}

/** Means over the steps since the last report, for a text. */
export interface TextMeans {
  /** exp of the mean loss per character. */
  readonly perplexity: number;
  /** The mean loss in bits. */
  readonly bitsPerChar: number;
}

/** Mean over the steps since the last report, for records. */
export interface RecordMeans {
  readonly meanLoss: number;
}

/** Characters, or records, per second. */
export interface TextSpeed {
  readonly charsPerSecond: number;
}
export interface RecordSpeed {
  readonly recordsPerSecond: number;
}

/** Numbers of one step. `stepsPerSecond` covers the steps since the last report. */
export interface StepFacts {
  readonly event: 'step';
  readonly step: number;
  /** Passes over the text or the records completed before this step. */
  readonly epoch: number;
  readonly loss: number;
  readonly smoothLoss: number;
  readonly gradientNorm: number;
  readonly rate: number;
  readonly stepsPerSecond: number;
  /** Updates skipped so far because their gradient was not finite. */
  readonly skipped: number;
}

/** A report of one step. */
export type StepEvent = (StepFacts & TextMeans & TextSpeed) | (StepFacts & RecordMeans & RecordSpeed);

export interface SampleEvent {
  readonly event: 'sample';
  readonly step: number;
  readonly prime: string;
  /** The continuation, without the prime. */
  readonly text: string;
}

interface ValidationFacts {
  readonly event: 'validation';
  readonly step: number;
  readonly loss: number;
  /** Whether it is the best so far. */
  readonly best: boolean;
}

/** Measures of a text or a made-up task. */
export interface TextFigures extends TextMeans {
  /** For a made-up task: share of held-out symbols that the model predicts. */
  readonly accuracy?: number;
}

/** The task's own measures, by name. */
export interface RecordFigures {
  readonly bitsPerChar?: never;
  readonly [measure: string]: number | string | boolean | undefined;
}

/** The result of a validation. */
export type ValidationEvent = (ValidationFacts & TextFigures) | (ValidationFacts & RecordFigures);

/** Gradients of the next window, without dropout. */
export interface GradientFlowEvent extends GradientFlow {
  readonly event: 'gradient-flow';
  readonly step: number;
}

export interface CheckpointEvent {
  readonly event: 'checkpoint';
  readonly step: number;
  readonly path: string;
  /** True for the copy of the best by validation. */
  readonly best: boolean;
}

/** Of a spread run: the workers have exchanged weights, and all have the same. */
export interface ExchangeEvent {
  readonly event: 'exchange';
  /** Number of the exchange, from 1. */
  readonly round: number;
  readonly step: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Seconds in which this worker waited for the others. */
  readonly waited: number;
  /** How many workers the weights are of. */
  readonly workers: number;
}

export interface WarningEvent {
  readonly event: 'warning';
  readonly message: string;
}

/** The end of a run in numbers, including those of the last report. */
export interface FinalFacts {
  readonly loss: number;
  readonly smoothLoss: number;
  /** Wall-clock time of the whole run. */
  readonly seconds: number;
}

/** Numbers at the end. Speeds cover training steps only, without samples, validations and checkpoints. */
export type Final = (FinalFacts & TextMeans & TextSpeed) | (FinalFacts & RecordMeans & RecordSpeed);

export type DoneEvent = Final & {
  readonly event: 'done';
  /** `diverged`: no gradient was finite at the end, and the exit status is 1. */
  readonly reason: 'steps' | 'patience' | 'interrupted' | 'diverged';
  readonly step: number;
};
