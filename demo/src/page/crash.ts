import type { Answer, Fault } from '../host/messages.js';
import { workbench } from '../training/workbench-words.js';

/**
 * Calls `told` when a worker breaks: by an error that it did not catch, or because it could not be
 * loaded.
 */
export function onCrash(worker: Worker, told: (fault: Fault) => void): void {
  worker.addEventListener('error', (event) => {
    event.preventDefault(); // the page shows the error itself
    told({ name: 'Error', message: event.message || workbench.status.noWorker });
  });
}

/**
 * Resolves with a fault when the worker breaks, and never while it works: for a race with the
 * worker's answer.
 */
export function crashOf(worker: Worker): Promise<Answer<never>> {
  return new Promise((resolve) => onCrash(worker, (fault) => resolve({ ok: false, fault })));
}
