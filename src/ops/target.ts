import type { PlanTarget } from '../plan/op.js';

/**
 * Whether plans are for a software adapter: a few cores with four lanes each, where barriers, loads
 * and idle lanes are what costs.
 */
export function isSoftware({ parallelism }: PlanTarget): boolean {
  return parallelism < 1024;
}
