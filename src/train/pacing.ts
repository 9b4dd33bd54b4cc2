/**
 * A submit should keep the device busy for about this long: long enough to hide its overhead, short
 * enough for screens and watchdogs.
 */
const TARGET_MS = 50;

/** Submits of one step, and of many, that are timed before the ones are set beside the others. */
const TIMED = 4;

/**
 * Submits of many steps are given up where a step takes so many times as long in them: a queue that
 * runs ahead has been seen to be slower on some devices. Anything less may be a busy machine.
 */
const CLEARLY_SLOWER = 1.25;

/** Times of submits: the least of a step, in milliseconds, and how many were timed. */
interface Times {
  readonly least: number;
  readonly count: number;
}

const NONE: Times = { least: Infinity, count: 0 };

/**
 * Chooses how many training steps go into one submit, from measured time: as many as fill it, or one
 * where that is faster. The result of training does not depend on it.
 */
export class Pacing {
  #steps = 1;
  #single = NONE;
  #many = NONE;
  /** Steps of the submits whose times are `#many`, about. */
  #size = 2;
  /** Whether many at once have turned out slower. */
  #oneByOne = false;
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
    if (this.#last !== undefined && !this.#oneByOne) {
      const ms = (now - this.#last) / steps;
      this.#msPerStep = this.#msPerStep === undefined ? ms : 0.7 * this.#msPerStep + 0.3 * ms;
      this.#note(steps, ms);
      this.#steps = this.#wanted(this.#msPerStep);
    }
    this.#last = now;
  }

  #note(steps: number, ms: number): void {
    const and = ({ least, count }: Times): Times => ({ least: Math.min(least, ms), count: count + 1 });
    if (steps === 1) this.#single = and(this.#single);
    else if (2 * steps > this.#size) {
      if (steps >= 2 * this.#size) this.#many = NONE;
      this.#size = Math.max(this.#size, steps);
      this.#many = and(this.#many);
    }
    this.#oneByOne = this.#many.count >= TIMED && this.#many.least > CLEARLY_SLOWER * this.#single.least;
  }

  #wanted(msPerStep: number): number {
    if (this.#oneByOne || this.#single.count < TIMED) return 1;
    const fill = Math.floor(TARGET_MS / Math.max(msPerStep, 1e-3));
    return Math.max(1, Math.min(this.maxSteps, this.#steps * 2, fill));
  }
}
