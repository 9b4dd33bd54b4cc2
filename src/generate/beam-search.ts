import { LEAST_SCORE } from '../core/generation-constants.js';
import type { Reports } from '../plan/device.js';
import { ATTENTION, CHOSEN, TOTAL } from './graphs.js';
import { attentionRow, type Found, type SearchSteps, type Tracked, type Tracker } from './results.js';

/** Report of a step: for each hypothesis its id, and the hypothesis that it continues. */
interface Step {
  readonly ids: ArrayLike<number>;
  readonly parents: ArrayLike<number>;
  /** Sums of log-probabilities; below LEAST_SCORE if there is no hypothesis. */
  readonly totals: ArrayLike<number>;
  readonly attention: ArrayLike<number> | undefined;
}

/** A hypothesis that ended: its last step and its place in it. */
interface Ended {
  readonly step: number;
  readonly place: number;
  readonly logProbability: number;
  /** Log-probability divided by the length penalty, by which hypotheses are compared. */
  readonly rank: number;
}

/** Length penalty ((5 + length) / 6)^a (Wu and others, 2016). */
function penaltyOf(length: number, a: number): number {
  return ((5 + length) / 6) ** a;
}

/**
 * The host's part of a beam search: the device chooses symbols, the host stores hypotheses. A
 * hypothesis ends with the end symbol, or at the greatest length.
 */
export class BeamSearch implements Tracker {
  readonly #steps: Step[] = [];
  /** Ended hypotheses of each row, the best first. */
  readonly #ended: Ended[][];
  readonly #done: boolean[];
  /** For each row, the number of steps until its results were final. */
  readonly #taken: number[];
  readonly certain: readonly number[] = [];

  /** @param count number of results of each row */
  constructor(
    readonly tracked: Tracked,
    readonly count: number,
    readonly lengthPenalty: number,
  ) {
    this.#ended = Array.from({ length: tracked.rows }, () => []);
    this.#done = this.#ended.map(() => false);
    this.#taken = this.#ended.map(() => 0);
  }

  get done(): boolean {
    return this.#done.every((done) => done);
  }

  take(reports: Reports): void {
    const { rows, hypotheses } = this.tracked;
    const chosen = reports[CHOSEN];
    this.#steps.push({
      ids: chosen.subarray(0, hypotheses),
      parents: chosen.subarray(hypotheses),
      totals: reports[TOTAL],
      attention: reports[ATTENTION],
    });
    for (let n = 0; n < rows; n++) if (!this.#done[n]) this.#takeRow(n);
  }

  #takeRow(n: number): void {
    const { width, warmUp, longest, prefix } = this.tracked;
    const step = this.#steps.length - 1;
    const { totals } = this.#steps[step];
    this.#taken[n] = this.#steps.length;
    const length = step - warmUp[n] + 1;
    if (length <= prefix) return;
    const ended = this.#ended[n];
    let best = -Infinity;
    for (let place = n * width; place < (n + 1) * width; place++) {
      const logProbability = totals[place];
      if (!(logProbability > LEAST_SCORE)) continue;
      if (this.#ends(step, place, length))
        ended.push({
          step,
          place,
          logProbability,
          rank: logProbability / penaltyOf(length, this.lengthPenalty),
        });
      else best = Math.max(best, logProbability);
    }
    ended.sort((a, b) => b.rank - a.rank);
    ended.length = Math.min(ended.length, this.count);
    // Log-probabilities only fall, so no hypothesis that continues can get a better rank than this.
    const bound = best / penaltyOf(longest, this.lengthPenalty);
    this.#done[n] =
      best === -Infinity || (ended.length === this.count && ended[this.count - 1].rank >= bound);
  }

  results(): Found[][] {
    return this.#ended.map((ended, n) => ended.map((one) => this.#trace(one, this.tracked.warmUp[n])));
  }

  searches(): SearchSteps[] {
    const { width, warmUp } = this.tracked;
    return this.#taken.map((taken, n) =>
      this.#steps.slice(warmUp[n], taken).map(({ ids, parents, totals }, t) =>
        // Places without a hypothesis come last.
        Array.from({ length: width }, (_, j) => n * width + j)
          .filter((place) => totals[place] > LEAST_SCORE)
          .map((place) => ({
            id: ids[place],
            parent: t === 0 ? 0 : parents[place] - n * width,
            logProbability: totals[place],
            ended: this.#ends(warmUp[n] + t, place, t + 1),
          })),
      ),
    );
  }

  /** Whether the hypothesis at a place ends in this step. */
  #ends(step: number, place: number, length: number): boolean {
    const { longest, prefix, end } = this.tracked;
    if (length <= prefix) return false;
    return this.#steps[step].ids[place] === end || length === longest;
  }

  /** Follows a hypothesis back to its first step. */
  #trace({ step: last, place: at, logProbability }: Ended, warmUp: number): Found {
    const ids: number[] = [];
    const attention: Float32Array[] = [];
    for (let [step, place] = [last, at]; step >= warmUp; step--) {
      const { ids: chosen, parents, attention: weights } = this.#steps[step];
      ids.push(chosen[place]);
      place = parents[place];
      attention.push(...attentionRow(weights, place, this.tracked.hypotheses));
    }
    return { ids: ids.reverse(), logProbability, attention: attention.reverse() };
  }
}
