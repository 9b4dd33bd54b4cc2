import type { BackendName, MachineFlags, TextFlags } from './options.js';
import type { DataFlags } from './task/options.js';

/** All options of `eval`. */
export interface EvaluateFlags extends TextFlags, MachineFlags, DataFlags {
  readonly checkpoint: string;
  /** Rows that run side by side; of records, rows of a batch. */
  readonly batch?: number;
  /** Width of the beam search, of models that write texts for records. */
  readonly beam?: number;
  readonly backend?: BackendName;
  readonly json?: boolean;
}
