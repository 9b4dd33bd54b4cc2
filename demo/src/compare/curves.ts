import type { Measured, Round } from './protocol.js';

/** Beyond so many points, neighbours are merged in pairs. */
const MOST_POINTS = 2000;
/** The time constant of the smoothed loss: this share of the run, but at least so many steps. */
const MEMORY = { share: 0.05, steps: 10 };
/** The losses of this last share of the steps count as current. */
const NOW = 0.15;

/** The curve of one run: one number for every point. */
export interface Curve {
  /** Bits per character or symbol; NaN where the loss was not finite. */
  readonly bits: number[];
  readonly smooth: number[];
  /** Training time of this run. */
  readonly seconds: number[];
  readonly accuracy: (number | null)[];
}

/** Losses of one run in a stretch of its steps. */
export interface Recent {
  readonly mean: number;
  /** Standard error of the mean. */
  readonly error: number;
}

/** What the runs of a comparison have shown so far. All have their points at the same steps. */
export class Curves {
  /** The step of every point. */
  readonly step: number[] = [];
  readonly runs: readonly Curve[];
  /** Number of steps of every point. */
  readonly #steps: number[] = [];

  constructor(runs: number) {
    this.runs = Array.from({ length: runs }, () => ({ bits: [], smooth: [], seconds: [], accuracy: [] }));
  }

  add({ step, steps, runs }: Round): void {
    if (this.step.length >= MOST_POINTS) this.#merge();
    const share = 1 - Math.exp(-steps / Math.max(MEMORY.steps, MEMORY.share * step));
    this.step.push(step);
    this.#steps.push(steps);
    for (const [i, { bits, seconds }] of runs.entries()) {
      const { smooth, ...curve } = this.runs[i];
      const before = smooth.at(-1) ?? bits;
      curve.bits.push(bits);
      smooth.push(
        Number.isFinite(bits) && Number.isFinite(before)
          ? before + share * (bits - before)
          : Number.isFinite(bits)
            ? bits
            : before,
      );
      curve.seconds.push(seconds);
      curve.accuracy.push(null);
    }
  }

  /** Adds a measurement, which arrives after the steps that it belongs to. */
  measured({ runs }: Measured): void {
    const last = this.step.length - 1;
    if (last < 0) return;
    for (const [i, { accuracy }] of runs.entries()) this.runs[i].accuracy[last] = accuracy ?? null;
  }

  /**
   * Returns the current loss of a run with its standard error; undefined before there are enough
   * points.
   */
  recent(run: number): Recent | undefined {
    return this.stretch(run, 1 - NOW, 1);
  }

  /** The same between two shares of the steps so far, such as 0.5 and 1 for their last half. */
  stretch(run: number, from: number, to: number): Recent | undefined {
    const { step } = this;
    const last = step.at(-1) ?? 0;
    const losses = this.runs[run].bits.filter(
      (bits, i) => step[i] > last * from && step[i] <= last * to && Number.isFinite(bits),
    );
    if (losses.length < 2) return undefined;
    const mean = losses.reduce((sum, one) => sum + one, 0) / losses.length;
    const variance = losses.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (losses.length - 1);
    return { mean, error: Math.sqrt(variance / losses.length) };
  }

  /** Returns the first step at which the smoothed loss of a run was below a limit. */
  reached(run: number, bits: number): number | undefined {
    const at = this.runs[run].smooth.findIndex((one) => one < bits);
    return at < 0 ? undefined : this.step[at];
  }

  /** Merges neighbours in pairs; an odd one stays. */
  #merge(): void {
    const { step, runs } = this;
    const steps = this.#steps;
    const length = Math.ceil(step.length / 2);
    for (let i = 0; i < length; i++) {
      const [a, b] = [2 * i, Math.min(2 * i + 1, step.length - 1)];
      const all = a === b ? steps[a] : steps[a] + steps[b];
      for (const { bits, smooth, seconds, accuracy } of runs) {
        bits[i] = a === b ? bits[a] : (bits[a] * steps[a] + bits[b] * steps[b]) / all;
        smooth[i] = smooth[b];
        seconds[i] = seconds[b];
        accuracy[i] = accuracy[b] ?? accuracy[a];
      }
      step[i] = step[b];
      steps[i] = all;
    }
    for (const column of [step, steps, ...runs.flatMap((run) => Object.values(run) as (number | null)[][])])
      column.length = length;
  }
}

/**
 * Returns smoothed losses over the training time of each run. Runs have their points at different
 * times; a run has no value at the times of the others.
 */
export function lossesByTime({ runs }: Pick<Curves, 'runs'>): {
  readonly x: readonly number[];
  readonly losses: readonly (readonly (number | undefined)[])[];
} {
  const x = [...new Set(runs.flatMap(({ seconds }) => seconds))].sort((a, b) => a - b);
  const losses = runs.map(({ seconds, smooth }) => {
    const at = new Map(seconds.map((second, i) => [second, smooth[i]]));
    return x.map((second) => at.get(second));
  });
  return { x, losses };
}
