/**
 * A submit should keep the device busy for about this long: long enough to hide its overhead, short
 * enough for screens and watchdogs.
 */
const TARGET_MS = 50;

/**
 * Chooses how many training steps go into one submit, from measured time. The result of training
 * does not depend on it.
 */
export class Pacing {
  #steps = 1;
  #msPerStep: number | undefined;
  #last: number | undefined;

  constructor(readonly maxSteps: number) {}

  /** Steps that the next submit should take, at most `left`. */
  next(left: number): number {
    return Math.max(1, Math.min(this.#steps, left, this.maxSteps));
  }

  /**
   * Call when a submit begins while nothing else is running: the time before it says nothing about
   * the device.
   */
  begin(now: number): void {
    this.#last = now;
  }

  /** Call when the reports of `steps` steps have arrived. */
  arrived(steps: number, now: number): void {
    if (this.#last !== undefined) {
      const ms = (now - this.#last) / steps;
      this.#msPerStep = this.#msPerStep === undefined ? ms : 0.7 * this.#msPerStep + 0.3 * ms;
      this.#steps = Math.max(
        1,
        Math.min(this.maxSteps, this.#steps * 2, Math.floor(TARGET_MS / Math.max(this.#msPerStep, 1e-3))),
      );
    }
    this.#last = now;
  }
}
