/** The services of workers; `worker.ts` loads them. */
export type ServiceName = 'training' | 'tasks' | 'compare' | 'check' | 'bench' | 'scene';

/** Starts a worker with one service. The worker answers after the code of the service is loaded. */
export function openWorker(name: ServiceName): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name });
}
