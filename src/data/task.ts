import type { Batcher } from './batches.js';
import type { Vocabulary } from './vocabulary.js';

/** Which windows of a task. */
export interface TaskBatchOptions {
  /** N */
  readonly batch: number;
  /** Decides the windows. Default 0. */
  readonly seed?: number;
  /**
   * Windows that no training window with any seed is: drawn from random numbers of their own.
   * Default false.
   */
  readonly heldOut?: boolean;
}

/**
 * A made-up task in place of a text: windows without end, each a whole problem that starts from
 * zero states. Targets that do not count have the unknown id V, which the loss leaves out; so the
 * trainer must be told how many count (`scored`), by which the gradient of a mean divides. Losses
 * and accuracies are told over those that count, however many that are in a window.
 */
export interface Task {
  readonly kind: 'task';
  readonly name: string;
  /** What the network has to do, in a line. */
  readonly about: string;
  readonly vocabulary: Vocabulary;
  /** T: time steps of a window. */
  readonly time: number;
  /** Targets that count in each row of a window; the most, where rows differ. */
  readonly scoredPerRow: number;
  /** Loss per target that counts, in nats, of a network that remembers nothing. */
  readonly baseline: number;
  batcher(options: TaskBatchOptions): Batcher;
}

/** Tells a task from a corpus. */
export function isTask(source: object): source is Task {
  return 'kind' in source && source.kind === 'task';
}
