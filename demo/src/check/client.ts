import { proxy, wrap } from 'comlink';
import { crashOf } from '../page/crash.js';
import type { Answer } from '../host/messages.js';
import type { CheckListener, CheckService } from './protocol.js';
import { openWorker } from '../host/open.js';

/** A check that is under way in a worker of its own. */
export class CheckRun {
  /** How it ended; never, where it was stopped. */
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

  /** Ends it at once, and frees its device. */
  stop(): void {
    this.#worker.terminate();
  }
}
