import { count } from '../page/format.js';
import { workbench } from '../training/workbench-words.js';

const words = workbench.kept;

/** Milliseconds in which a device that is lost again is not opened by itself a second time. */
const PATIENCE_MS = 60_000;

/** Whether a lost device is opened again without asking: not when it has just been. */
export class Recoveries {
  #last = -Infinity;

  /** @param now milliseconds of any clock */
  allow(now: number): boolean {
    if (now - this.#last < PATIENCE_MS) return false;
    this.#last = now;
    return true;
  }
}

/** What is said after a device was lost and training went on. */
export function recovered(lostAt: number, keptAt: number): string {
  return words.recovered(count(lostAt), count(keptAt), repeated(lostAt - keptAt));
}

/**
 * What is said after a page was loaded again.
 * @param leftAt the step at which it was left
 * @param at the time at which the state was kept
 */
export function continued(keptAt: number, leftAt: number, at: string): string {
  return words.continued(count(keptAt), at, repeated(leftAt - keptAt));
}

function repeated(steps: number): string {
  return steps > 0 ? words.again(count(steps), steps === 1) : words.nothingLost;
}
