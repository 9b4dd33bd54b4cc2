import type { TaskName } from '../../graph.js';
import type { DoneEvent, StepEvent } from '../events.js';

/** What a run over records tells besides warnings, checkpoints and gradient flows. */
export type TaskEvent = TaskStartEvent | TaskStepEvent | TaskValidationEvent | TaskDoneEvent;

export interface TaskStartEvent {
  readonly event: 'start';
  readonly backend: string;
  readonly adapter: string;
  readonly runtime: string;
  /** Why this backend. */
  readonly why: string;
  readonly parameters: number;
  /** Of a batch of the largest size. */
  readonly dispatchesPerStep: number;
  readonly task: TaskName;
  /** What is learnt, in a few words. */
  readonly about: string;
  /** Names of the files. */
  readonly data: readonly string[];
  /** Records that are learnt, and that are held out. */
  readonly records: number;
  readonly validationRecords: number;
  readonly cell: string;
  readonly hidden: number;
  readonly layers: number;
  readonly directions: number;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly batch: number;
  /** The sizes that batches are padded to, by letter. */
  readonly sizes: readonly Readonly<Record<string, number>>[];
  readonly optimizer: string;
  readonly seed: number;
  /** Steps done before. */
  readonly step: number;
  /** Number of the last step. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /** Loss of guessing; left out where it is not known, as of numbers. */
  readonly uniformLoss?: number;
}

/** `meanLoss` is over the steps since the last report; `loss`, `gradientNorm` and `rate` are of this step. */
export interface TaskStepEvent extends Pick<
  StepEvent,
  'step' | 'epoch' | 'loss' | 'smoothLoss' | 'gradientNorm' | 'rate' | 'stepsPerSecond' | 'skipped'
> {
  readonly event: 'step';
  readonly meanLoss: number;
  readonly recordsPerSecond: number;
}

/** The loss and the task's own measures, by name. */
export interface TaskValidationEvent {
  readonly event: 'validation';
  readonly step: number;
  readonly loss: number;
  /** Whether it is the best so far. */
  readonly best: boolean;
  readonly [measure: string]: number | string | boolean;
}

export interface TaskDoneEvent extends Pick<
  DoneEvent,
  'reason' | 'step' | 'loss' | 'smoothLoss' | 'seconds'
> {
  readonly event: 'done';
  readonly meanLoss: number;
  readonly recordsPerSecond: number;
}
