import { proxy, wrap } from 'comlink';
import { crashOf } from '../page/crash.js';
import type { Answer } from '../host/messages.js';
import type { CheckListener, CheckService } from './protocol.js';
import { openWorker } from '../host/open.js';

/** A check in a worker of its own. */
export class CheckRun {
  /** Resolves with the result; never if the check was stopped. */
  readonly ended: Promise<Answer<null>>;
  readonly #worker: Worker;

  constructor(thorough: boolean, only: readonly string[], listener: CheckListener) {
    const worker = openWorker('check');
    this.#worker = worker;
    this.ended = Promise.race([
      wrap<CheckService>(worker).check(thorough, only, proxy(listener)),
      crashOf(worker),
    ]);
  }

  /** Ends the check at once, and frees its device. */
  stop(): void {
    this.#worker.terminate();
  }
}
