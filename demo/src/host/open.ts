import { workerName } from '../words/language.js';

/** The services of workers; `worker.ts` loads them. */
export type ServiceName = 'training' | 'tasks' | 'compare' | 'check' | 'bench' | 'scene';

/**
 * Starts a worker with one service, which speaks the language of the page. It answers when the
 * service's code has been loaded.
 */
export function openWorker(service: ServiceName): Worker {
  const name = workerName(service);
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name });
}
