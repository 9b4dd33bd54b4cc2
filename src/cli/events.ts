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

export interface StartEvent {
  readonly event: 'start';
  readonly backend: string;
  readonly adapter: string;
  readonly runtime: string;
  /** Why this backend. */
  readonly why: string;
  readonly parameters: number;
  readonly dispatchesPerStep: number;
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
  readonly cell: string;
  readonly hidden: number;
  readonly layers: number;
  /** 2 for a bidirectional model. */
  readonly directions: number;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly batch: number;
  readonly time: number;
  readonly sampling: string;
  /** Whether the state is carried from one window to the next. */
  readonly carry: boolean;
  readonly optimizer: string;
  readonly seed: number;
  /** Steps done before: 0, or those of the checkpoint. */
  readonly step: number;
  /** Number of the last step. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /**
   * Loss in nats per character of a model that has learnt nothing: log V, and perplexity V; of a
   * task, per target that counts, log 8 where there are 8 symbols to recall.
   */
  readonly uniformLoss: number;
  readonly uniformPerplexity: number;
}

/**
 * Averages are over the steps since the last report; `loss`, `gradientNorm` and `rate` are of this
 * step.
 */
export interface StepEvent {
  readonly event: 'step';
  readonly step: number;
  /** Passes over the text completed before this step. */
  readonly epoch: number;
  readonly loss: number;
  readonly smoothLoss: number;
  /** exp of the mean loss per character since the last report. */
  readonly perplexity: number;
  /** That mean in bits. */
  readonly bitsPerChar: number;
  readonly gradientNorm: number;
  readonly rate: number;
  readonly stepsPerSecond: number;
  readonly charsPerSecond: number;
  /** Updates left out so far, since their gradient was not finite. */
  readonly skipped: number;
}

export interface SampleEvent {
  readonly event: 'sample';
  readonly step: number;
  readonly prime: string;
  /** The continuation, without the prime. */
  readonly text: string;
}

export interface ValidationEvent {
  readonly event: 'validation';
  readonly step: number;
  readonly loss: number;
  readonly perplexity: number;
  readonly bitsPerChar: number;
  /** Of a task: share of held-out symbols that the model names. */
  readonly accuracy?: number;
  /** Whether it is the best so far. */
  readonly best: boolean;
}

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
}

export interface WarningEvent {
  readonly event: 'warning';
  readonly message: string;
}

export interface DoneEvent {
  readonly event: 'done';
  /** `diverged`: no gradient was finite at the end, and the command ends with status 1. */
  readonly reason: 'steps' | 'patience' | 'interrupted' | 'diverged';
  readonly step: number;
  readonly loss: number;
  readonly smoothLoss: number;
  readonly perplexity: number;
  readonly bitsPerChar: number;
  /** Wall-clock time of the run, everything included. */
  readonly seconds: number;
  /** Of the training steps alone, without samples, evaluations and checkpoints. */
  readonly charsPerSecond: number;
}
