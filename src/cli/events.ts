import type { TaskName } from '../graph.js';
import type { GradientFlow } from '../node.js';

/**
 * What a run tells, in the order in which it happens. With `--json` each is one line of standard
 * output.
 */
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

/** The first event of a run over a text or a made-up task, and over records. */
export type StartEvent = TextStartEvent | RecordsStartEvent;

/** Where a run computes, and how much. */
export interface MachineFacts {
  readonly backend: string;
  readonly adapter: string;
  readonly runtime: string;
  /** Why this backend. */
  readonly why: string;
  readonly parameters: number;
  /** Of records: of a batch of the largest size. */
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

/** How a run learns, and how long. */
export interface LengthFacts {
  readonly optimizer: string;
  readonly seed: number;
  /** Steps done before: 0, or those of the checkpoint. */
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
  /** What a task wants; left out for a text. */
  readonly task?: string;
  /** Of the text; 0 for a task, whose windows have no end. */
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
   * Loss in nats per character of a model that has learnt nothing: log V, and perplexity V; of a
   * task, per target that counts, log 8 where there are 8 symbols to recall.
   */
  readonly uniformLoss: number;
  readonly uniformPerplexity: number;
}

export interface RecordsStartEvent extends StartFacts {
  readonly task: TaskName;
  /** What is learnt, in a few words. */
  readonly about: string;
  /** Names of the files. */
  readonly data: readonly string[];
  /** Records that are learnt, and that are held out. */
  readonly records: number;
  readonly validationRecords: number;
  /** The sizes that batches are padded to, by letter. */
  readonly sizes: readonly Readonly<Record<string, number>>[];
  /** Loss of guessing; left out where it is not known, as of numbers. */
  readonly uniformLoss?: number;
}

/** Means over the steps since the last report, of a text. */
export interface TextMeans {
  /** exp of the mean loss per character since the last report. */
  readonly perplexity: number;
  /** That mean in bits. */
  readonly bitsPerChar: number;
}

/** Mean over the steps since the last report, of records. */
export interface RecordMeans {
  readonly meanLoss: number;
}

/** How many characters, or records, are learnt in a second. */
export interface TextSpeed {
  readonly charsPerSecond: number;
}
export interface RecordSpeed {
  readonly recordsPerSecond: number;
}

/** Of this step, but for `stepsPerSecond`. */
export interface StepFacts {
  readonly event: 'step';
  readonly step: number;
  /** Passes over the text, or the records, completed before this step. */
  readonly epoch: number;
  readonly loss: number;
  readonly smoothLoss: number;
  readonly gradientNorm: number;
  readonly rate: number;
  readonly stepsPerSecond: number;
  /** Updates left out so far, since their gradient was not finite. */
  readonly skipped: number;
}

/** A report. */
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

/** Of a text or a made-up task. */
export interface TextFigures extends TextMeans {
  /** Of a made-up task: share of held-out symbols that the model names. */
  readonly accuracy?: number;
}

/** The task's own measures, by name. */
export interface RecordFigures {
  readonly bitsPerChar?: never;
  readonly [measure: string]: number | string | boolean | undefined;
}

/** How well the model does on what was held out. */
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

/** Of a spread run: the workers have met, and all have the same weights. */
export interface ExchangeEvent {
  readonly event: 'exchange';
  /** Counted from 1. */
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

/** The end of a run in numbers, those of the last report among them. */
export interface FinalFacts {
  readonly loss: number;
  readonly smoothLoss: number;
  /** Wall-clock time of the run, everything included. */
  readonly seconds: number;
}

/** Figures of the end; speeds are of the training steps alone, without samples, evaluations and checkpoints. */
export type Final = (FinalFacts & TextMeans & TextSpeed) | (FinalFacts & RecordMeans & RecordSpeed);

export type DoneEvent = Final & {
  readonly event: 'done';
  /** `diverged`: no gradient was finite at the end, and the command ends with status 1. */
  readonly reason: 'steps' | 'patience' | 'interrupted' | 'diverged';
  readonly step: number;
};
