/** What a worker does: see `worker.ts`, which has a service for each name. */
export type ServiceName = 'training' | 'tasks' | 'compare' | 'check' | 'bench' | 'scene';

/** Starts a worker with one service. It answers when the service's code has been loaded. */
export function openWorker(name: ServiceName): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name });
}
