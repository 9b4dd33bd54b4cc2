import type { TextFlags } from './options.js';
import type { ResumeRunFlags } from './run-plan.js';
import type { DataFlags } from './task/options.js';

/** All options of `resume`. */
export interface ResumeFlags extends ResumeRunFlags, TextFlags, DataFlags {
  /** Share of the text that is held out, where the checkpoint does not store it. */
  readonly validation?: number;
}
