import { count } from '../page/format.js';
import { workbench } from '../training/workbench-words.js';

const words = workbench.kept;

/** Milliseconds after a recovery in which a second loss is not recovered automatically. */
const PATIENCE_MS = 60_000;

/**
 * Decides whether a lost device is opened again without asking: not shortly after the last time.
 */
export class Recoveries {
  #last = -Infinity;

  /** @param now milliseconds of any clock */
  allow(now: number): boolean {
    if (now - this.#last < PATIENCE_MS) return false;
    this.#last = now;
    return true;
  }
}

/** The notice after a device was lost and opened again. */
export function recovered(lostAt: number, keptAt: number): string {
  return words.recovered(count(lostAt), count(keptAt), repeated(lostAt - keptAt));
}

/**
 * The notice after a page was reloaded.
 * @param leftAt the last step before the reload
 * @param at when the state was stored
 */
export function continued(keptAt: number, leftAt: number, at: string): string {
  return words.continued(count(keptAt), at, repeated(leftAt - keptAt));
}

function repeated(steps: number): string {
  return steps > 0 ? words.again(count(steps), steps === 1) : words.nothingLost;
}
