/**
 * Wanted duration of a submit in milliseconds: long enough to hide its overhead, and short enough
 * for screens and watchdog timers.
 */
const TARGET_MS = 50;

/** Number of submits of one step, and of many steps, that are timed before they are compared. */
const TIMED = 4;

/**
 * If a step takes this many times as long in submits of many steps, submits of one step are used:
 * on some devices a long queue was measured to be slower. A smaller factor may be due to other
 * load.
 */
const CLEARLY_SLOWER = 1.25;

/** Measured submits: the least time of a step in milliseconds, and the number of submits. */
interface Times {
  readonly least: number;
  readonly count: number;
}

const NO_TIMES: Times = { least: Infinity, count: 0 };

/**
 * Chooses the number of training steps in a submit from measured times: as many as take TARGET_MS,
 * or one if that is faster. The results of training do not depend on it.
 */
export class StepsPerSubmit {
  #steps = 1;
  #single = NO_TIMES;
  #many = NO_TIMES;
  /** Approximate number of steps of the submits in `#many`. */
  #size = 2;
  /** Whether submits of many steps were measured to be slower. */
  #oneByOne = false;
  #msPerStep: number | undefined;
  #last: number | undefined;

  constructor(readonly maxSteps: number) {}

  /** Number of steps for the next submit, at most `left`. */
  next(left: number): number {
    return Math.max(1, Math.min(this.#steps, left, this.maxSteps));
  }

  /**
   * Call when a submit begins while no other is running, so that the idle time before is not
   * counted.
   */
  begin(now: number): void {
    this.#last = now;
  }

  /** Call when the reports of `steps` steps have arrived. */
  arrived(steps: number, now: number): void {
    if (this.#last !== undefined && !this.#oneByOne) {
      const ms = (now - this.#last) / steps;
      this.#msPerStep = this.#msPerStep === undefined ? ms : 0.7 * this.#msPerStep + 0.3 * ms;
      this.#record(steps, ms);
      this.#steps = this.#wanted(this.#msPerStep);
    }
    this.#last = now;
  }

  #record(steps: number, ms: number): void {
    const added = ({ least, count }: Times): Times => ({ least: Math.min(least, ms), count: count + 1 });
    if (steps === 1) this.#single = added(this.#single);
    else if (2 * steps > this.#size) {
      if (steps >= 2 * this.#size) this.#many = NO_TIMES;
      this.#size = Math.max(this.#size, steps);
      this.#many = added(this.#many);
    }
    this.#oneByOne = this.#many.count >= TIMED && this.#many.least > CLEARLY_SLOWER * this.#single.least;
  }

  #wanted(msPerStep: number): number {
    if (this.#oneByOne || this.#single.count < TIMED) return 1;
    const fill = Math.floor(TARGET_MS / Math.max(msPerStep, 1e-3));
    return Math.max(1, Math.min(this.maxSteps, this.#steps * 2, fill));
  }
}
