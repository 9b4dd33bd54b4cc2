import type { Answer, Fault } from '../host/messages.js';
import { workbench } from '../training/workbench-words.js';

/**
 * Calls `told` with what broke a worker: an error that nothing in it caught, or that it could not
 * be loaded.
 */
export function onCrash(worker: Worker, told: (fault: Fault) => void): void {
  worker.addEventListener('error', (event) => {
    event.preventDefault(); // it is told on the page
    told({ name: 'Error', message: event.message || workbench.status.noWorker });
  });
}

/**
 * The answer that a broken worker owes, to race with what was asked of it; never, while it works.
 */
export function crashOf(worker: Worker): Promise<Answer<never>> {
  return new Promise((resolve) => onCrash(worker, (fault) => resolve({ ok: false, fault })));
}
