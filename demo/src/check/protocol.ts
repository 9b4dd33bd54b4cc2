import type { OpCheck } from '../../../src/verify/index.js';
import type { Answer } from '../host/messages.js';

/** What a check will do. */
export interface CheckPlan {
  readonly adapter: string;
  /** Number of checks by op, in the order of checking. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Reports of the worker while it checks. */
export interface CheckListener {
  begun(plan: CheckPlan): void;
  result(check: OpCheck): void;
}

/** Requests to the worker that checks. To stop it, terminate the worker. */
export interface CheckService {
  /**
   * Checks every op on this machine's GPU. Resolves after the listener has received every result.
   * @param thorough checks all sizes, including large ones
   * @param only parts of names of the ops to check; empty for all
   */
  check(thorough: boolean, only: readonly string[], listener: CheckListener): Promise<Answer<null>>;
}
