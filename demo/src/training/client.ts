import { proxy, wrap, type Remote } from 'comlink';
import { onCrash } from '../page/crash.js';
import type { Fault } from '../host/messages.js';
import type { Listener, TrainingService } from './protocol.js';
import { openWorker } from '../host/open.js';
import { workbench } from './workbench-words.js';

/** The worker that trains. A worker that broke is replaced by a new one when it is needed again. */
export class Client {
  #worker: Worker | undefined;
  #service: Remote<TrainingService> | undefined;

  /** @param onCrash called when the worker itself ends with an error */
  constructor(
    readonly listener: Listener,
    readonly onCrash: (fault: Fault) => void,
  ) {}

  get service(): Remote<TrainingService> {
    return (this.#service ??= this.#open());
  }

  #open(): Remote<TrainingService> {
    const worker = openWorker('training');
    onCrash(worker, ({ name, message }) => {
      worker.terminate();
      if (this.#worker === worker) this.#worker = this.#service = undefined;
      this.onCrash({ name, message: workbench.status.crashed(message) });
    });
    const service = wrap<TrainingService>(worker);
    void service.listen(proxy(this.listener));
    this.#worker = worker;
    return service;
  }
}
