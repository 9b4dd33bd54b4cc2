import type { Dims } from '../core/notation.js';
import type { Attributes } from './planner.js';

/** Sizes at which tests and `verify` check an op, and the tolerance. */
export interface OpCase {
  readonly dims: Dims;
  readonly attributes?: Attributes;
  /** Optional tensors that this case leaves out. */
  readonly without?: readonly string[];
  /**
   * Largest allowed error against the reference: max|a−b| / max(1, max|b|). Default 1e-5. Another
   * value needs a comment with its reason.
   */
  readonly tolerance?: number;
  /**
   * Whether only the test suite and `verify --thorough` run it, since it is slow. Default false.
   */
  readonly thorough?: boolean;
  /**
   * Whether only the test suite and `verify --thorough` run it, since other cases cover its parts.
   * Default false.
   */
  readonly minor?: boolean;
  /**
   * Content of tensors by name, such as ids, masks and hyperparameters. Default: normal deviates.
   */
  readonly fill?: Readonly<Record<string, Fill>>;
}

/**
 * Content of a tensor in tests and `verify`: normal deviates times `scale` plus `shift`, random
 * whole numbers below `below`, or a list of values that is repeated.
 */
export type Fill =
  | { readonly scale: number; readonly shift?: number }
  | { readonly below: number }
  | { readonly values: readonly number[] };
