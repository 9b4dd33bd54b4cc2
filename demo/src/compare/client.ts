import { proxy, wrap, type Remote } from 'comlink';
import { onCrash } from '../page/crash.js';
import type { Fault } from '../host/messages.js';
import type { ComparisonListener, ComparisonService } from './protocol.js';
import { openWorker } from '../host/open.js';

/**
 * The worker that compares. A worker that broke is replaced by a new one when it is needed again.
 */
export class ComparisonClient {
  #worker: Worker | undefined;
  #service: Remote<ComparisonService> | undefined;

  /**
   * @param onCrash called when the worker itself ends with an error; open requests are never
   *   answered then
   */
  constructor(
    readonly listener: ComparisonListener,
    readonly onCrash: (fault: Fault) => void,
  ) {}

  get service(): Remote<ComparisonService> {
    return (this.#service ??= this.#open());
  }

  /** Ends the worker, and with it all open requests. */
  dispose(): void {
    this.#worker?.terminate();
    this.#worker = this.#service = undefined;
  }

  #open(): Remote<ComparisonService> {
    const worker = openWorker('compare');
    onCrash(worker, (fault) => {
      worker.terminate();
      if (this.#worker !== worker) return;
      this.#worker = this.#service = undefined;
      this.onCrash(fault);
    });
    const service = wrap<ComparisonService>(worker);
    void service.listen(proxy(this.listener));
    this.#worker = worker;
    return service;
  }
}
