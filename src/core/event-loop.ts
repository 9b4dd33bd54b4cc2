/** Milliseconds of arithmetic after which whoever else waits for this thread gets a turn. */
const TURN_MS = 25;

/**
 * Leaves the event loop its turns between steps, so that a page can be paused and a Ctrl-C is heard
 * while the CPU trains.
 */
export class EventLoopTurn {
  #last = performance.now();

  /** Waits for one turn if the last was long ago, else returns at once. */
  async whenDue(): Promise<void> {
    if (performance.now() - this.#last < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#last = performance.now();
  }
}
