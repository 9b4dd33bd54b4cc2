import type { Dims } from '../core/notation.js';
import type { Launch } from './kernel.js';
import type { NativeCall } from './native.js';
import type { PlanTarget } from './target.js';

/** Settings of a call besides tensors, as plain data: `{ nonlinearity: 'relu' }`. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Input of an op's planner. */
export interface PlanRequest {
  readonly dims: Dims;
  readonly attributes: Attributes;
  readonly target: PlanTarget;
  /** Whether the call has this tensor: an optional one, or a gradient `dX` that is wanted. */
  readonly has: (tensor: string) => boolean;
  /**
   * Gradients that must be added to their tensors instead of overwriting them. All are in the op's
   * `accumulates`.
   */
  readonly accumulate: readonly string[];
}

/** Returns the launches of one call, in order, with tensors by contract name. A pure function. */
export type Planner = (request: PlanRequest) => readonly Launch[];

/**
 * Returns the SIMD kernel calls of one call, in order; undefined if there are none for it, and then
 * the reference runs. A pure function.
 */
export type NativePlanner = (request: Omit<PlanRequest, 'target'>) => readonly NativeCall[] | undefined;
