import type { TunedVariant } from './record.js';

/**
 * Whether kernels are chosen by measuring on the device:
 * - `off` (the default): by rules for its kind of adapter
 * - `cached`: what was measured before on this adapter, driver and version of the package holds;
 *   the rest is measured when a plan first needs it, and kept
 * - `force`: everything is measured once more, and kept
 */
export const TUNE_MODES = ['off', 'cached', 'force'] as const;
export type TuneMode = (typeof TUNE_MODES)[number];

/** What tuning tells. */
export type TuningEvent =
  /** It goes on without what is wrong. */
  | { readonly kind: 'warning'; readonly message: string }
  /** `done` of `total` pieces of work of a plan have been measured; this is the next. */
  | { readonly kind: 'measuring'; readonly of: string; readonly done: number; readonly total: number }
  | ({ readonly kind: 'measured'; readonly of: string; readonly tried: number } & TunedVariant);
