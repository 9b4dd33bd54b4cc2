/** Milliseconds of arithmetic after which other work on this thread gets a turn. */
const TURN_MS = 25;

/**
 * Yields to the event loop between steps, so that a page can pause a run, and Ctrl-C can stop it,
 * while the CPU trains.
 */
export class EventLoopTurn {
  #last = performance.now();

  /** Waits for one turn of the event loop if the last was more than 25 ms ago. */
  async whenDue(): Promise<void> {
    if (performance.now() - this.#last < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#last = performance.now();
  }
}

/**
 * Runs asynchronous jobs one after another, in the order of the calls. A failed job stops no other.
 */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  /**
   * Runs `work` when all earlier jobs have ended.
   * @returns its result, or rejects with its error
   */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
