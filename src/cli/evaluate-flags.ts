import { UnrolledError } from '../node.js';
import type { BackendName, MachineFlags, TextFlags } from './options.js';
import type { DataFlags } from './task/options.js';

/** All options of `eval`. */
export interface EvaluateFlags extends TextFlags, MachineFlags, DataFlags {
  readonly checkpoint: string;
  /** Rows that are evaluated at the same time; for records, rows of a batch. */
  readonly batch?: number;
  /** Number of hypotheses of the beam search, for models that write texts for records. */
  readonly beam?: number;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** Checks that a loss is a number. @param path of the checkpoint @throws UnrolledError */
export function checkLoss({ loss }: { readonly loss: number }, path: string): void {
  if (!Number.isFinite(loss))
    throw new UnrolledError(
      `The loss of ${JSON.stringify(path)} is ${loss}, because its weights are too large to compute with: ` +
        'evaluate an earlier checkpoint of the run.',
    );
}
