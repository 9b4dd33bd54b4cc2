import { proxy, wrap } from 'comlink';
import type { Answer } from '../protocol.js';
import type { CheckListener, CheckService } from './protocol.js';

/** A check that is under way in a worker of its own. */
export class CheckRun {
  /** How it ended; never, where it was stopped. */
  readonly ended: Promise<Answer<null>>;
  readonly #worker: Worker;

  constructor(thorough: boolean, only: readonly string[], listener: CheckListener) {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'check' });
    this.#worker = worker;
    const crash = new Promise<Answer<null>>((resolve) =>
      worker.addEventListener('error', (event) => {
        event.preventDefault(); // it is told on the page
        resolve({ ok: false, fault: { name: 'Error', message: event.message || 'Its worker could not be loaded. Reload the page.' } });
      }),
    );
    this.ended = Promise.race([wrap<CheckService>(worker).check(thorough, only, proxy(listener)), crash]);
  }

  /** Ends it at once, and frees its device. */
  stop(): void {
    this.#worker.terminate();
  }
}
