import type { TunedVariant } from './record.js';

// Apart from tuner.ts, which is loaded only where something is measured.

/**
 * Whether kernels are chosen by measuring on the device:
 * - `off` (the default): by rules for its kind of adapter
 * - `cached`: use earlier measurements of this adapter, driver and package version; measure the
 *   rest when a plan first needs it, and store it
 * - `force`: measure everything again, and store it
 */
export const TUNE_MODES = ['off', 'cached', 'force'] as const;
export type TuneMode = (typeof TUNE_MODES)[number];

/** Events of tuning. */
export type TuningEvent =
  /** Something is wrong and was ignored. */
  | { readonly kind: 'warning'; readonly message: string }
  /** `done` of `total` pieces of work of a plan have been measured; `of` is the next. */
  | { readonly kind: 'measuring'; readonly of: string; readonly done: number; readonly total: number }
  | ({ readonly kind: 'measured'; readonly of: string; readonly tried: number } & TunedVariant);
