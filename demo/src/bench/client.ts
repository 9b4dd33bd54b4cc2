import { proxy, wrap } from 'comlink';
import { crashOf } from '../page/crash.js';
import type { Answer } from '../host/messages.js';
import type { BenchListener, BenchRequest, BenchService } from './protocol.js';
import { openWorker } from '../host/open.js';

/** A benchmark in a worker of its own. */
export class BenchRun {
  /** Resolves with the result; never if the benchmark was stopped. */
  readonly ended: Promise<Answer<null>>;
  readonly #worker: Worker;

  constructor(request: BenchRequest, listener: BenchListener) {
    const worker = openWorker('bench');
    this.#worker = worker;
    this.ended = Promise.race([wrap<BenchService>(worker).run(request, proxy(listener)), crashOf(worker)]);
  }

  /** Ends the benchmark at once, and frees its devices. */
  stop(): void {
    this.#worker.terminate();
  }
}
