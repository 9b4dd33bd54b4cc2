import { expose } from 'comlink';
import type { ServiceName } from './open.js';

// The one entry of all workers, which loads the service that its name begins with. Workers of separate
// entries would each be built with a copy of the engine of their own.
const services: Readonly<Record<ServiceName, () => Promise<object>>> = {
  training: async () => new (await import('../training/worker/service.js')).Service(),
  tasks: async () => new (await import('../tasks/worker/service.js')).Service(),
  compare: async () => new (await import('../compare/service.js')).Service(),
  check: async () => (await import('../check/worker.js')).service,
  bench: async () => (await import('../bench/worker.js')).service,
  scene: async () => (await import('../scene/worker.js')).service,
};

/** Messages of the page that arrived before the service could receive them. */
const waiting: MessageEvent[] = [];
const wait = (event: Event): void => void waiting.push(event as MessageEvent);

addEventListener('message', wait);
services[self.name.split(' ')[0] as ServiceName]().then(
  (service) => {
    removeEventListener('message', wait);
    expose(service);
    for (const { data, ports } of waiting)
      dispatchEvent(new MessageEvent('message', { data: data as unknown, ports: [...ports] }));
  },
  // Reported as an error event of the worker, which the page receives. The page cannot see a
  // rejection.
  (error: unknown) => reportError(error),
);
