import type { OpCheck } from '../../../src/verify/index.js';
import type { Answer } from '../host/messages.js';

/** What a check is going to be. */
export interface CheckPlan {
  readonly adapter: string;
  /** Number of checks by op, in the order of checking. */
  readonly counts: ReadonlyMap<string, number>;
}

/** What the worker tells the page while it checks. */
export interface CheckListener {
  begun(plan: CheckPlan): void;
  result(check: OpCheck): void;
}

/** What the page asks of the worker that checks. To stop it, end the worker. */
export interface CheckService {
  /**
   * Checks every op on this machine's GPU, and answers when the listener has been told of every
   * result.
   * @param thorough all sizes, the large ones too
   * @param only parts of the names of the ops to check; none: all
   */
  check(thorough: boolean, only: readonly string[], listener: CheckListener): Promise<Answer<null>>;
}
