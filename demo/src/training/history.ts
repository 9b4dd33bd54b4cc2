import type { Progress, Validation } from './protocol.js';

/** Beyond so many points, neighbours are merged in pairs. */
const MOST_POINTS = 3000;
/**
 * The time constant of the smoothed loss: this share of the run, but at least so many steps. With a
 * longer one, the curve would lag behind the held-back measurements early in a run, where the loss
 * falls fast.
 */
const MEMORY = { share: 0.04, steps: 3 };

/** A history as plain data. All columns have the same length. */
export interface HistoryColumns {
  readonly step: readonly number[];
  readonly bits: readonly number[];
  readonly smooth: readonly number[];
  readonly validation: readonly (number | null)[];
  readonly norm: readonly number[];
  readonly clipped: readonly number[];
  /** The step of each point. */
  readonly steps: readonly number[];
}

/**
 * Returns the smoothed loss after `steps` more steps with mean loss `bits`, the last of which is
 * `step`. A loss that is not finite leaves it unchanged.
 */
export function smoothed(before: number | undefined, bits: number, step: number, steps: number): number {
  if (!Number.isFinite(bits)) return before ?? bits;
  if (before === undefined || !Number.isFinite(before)) return bits;
  return before + (1 - Math.exp(-steps / Math.max(MEMORY.steps, MEMORY.share * step))) * (bits - before);
}

/**
 * What a run has shown so far, in columns of equal length for the chart. Losses are in bits per
 * character.
 */
export class History {
  readonly step: number[] = [];
  /** Mean loss of the steps up to this point. */
  readonly bits: number[] = [];
  readonly smooth: number[] = [];
  /** Loss on the held-back text, where it was measured. */
  readonly validation: (number | null)[] = [];
  /** Largest gradient norm of these steps. */
  readonly norm: number[] = [];
  /** Number of these steps that were clipped. */
  readonly clipped: number[] = [];
  readonly #steps: number[] = [];

  get length(): number {
    return this.step.length;
  }

  /** The measurements on the held-back text, in order. */
  get validations(): readonly Validation[] {
    return this.step.flatMap((step, i) => {
      const bitsPerChar = this.validation[i];
      return bitsPerChar === null ? [] : [{ step, bitsPerChar }];
    });
  }

  /** The whole history, to be stored. */
  get columns(): HistoryColumns {
    const { step, bits, smooth, validation, norm, clipped } = this;
    return { step, bits, smooth, validation, norm, clipped, steps: this.#steps };
  }

  /** Replaces everything by a stored history. */
  restore(columns: HistoryColumns): void {
    const own = this.columns;
    for (const name of Object.keys(own) as (keyof HistoryColumns)[])
      (own[name] as (number | null)[]).splice(0, Infinity, ...columns[name]);
  }

  /** @param scale converts the reported loss into bits per character */
  add({ report, loss, norm, steps, clipped }: Progress, scale: number): void {
    const last = this.length - 1;
    if (last >= 0 && report.step <= this.step[last]) return;
    if (this.length >= MOST_POINTS) this.#merge();
    const bits = loss * scale;
    this.step.push(report.step);
    this.bits.push(bits);
    this.smooth.push(smoothed(this.smooth.at(-1), bits, report.step, steps));
    this.validation.push(null);
    this.norm.push(norm);
    this.clipped.push(clipped);
    this.#steps.push(steps);
  }

  /** Adds a measurement, which arrives after the steps that it belongs to. */
  validated({ step, bitsPerChar }: Validation): void {
    const last = this.length - 1;
    if (last >= 0 && this.step[last] <= step) this.validation[last] = bitsPerChar;
  }

  /** Removes what came after a step; by default everything. */
  reset(upTo = -1): void {
    const kept = this.step.filter((step) => step <= upTo).length;
    for (const column of [
      this.step,
      this.bits,
      this.smooth,
      this.validation,
      this.norm,
      this.clipped,
      this.#steps,
    ])
      column.length = kept;
  }

  /** Merges neighbours in pairs: the mean of losses, the largest norm. */
  #merge(): void {
    const count = Math.floor(this.length / 2);
    for (let i = 0; i < count; i++) {
      const [a, b] = [2 * i, 2 * i + 1];
      const steps = this.#steps[a] + this.#steps[b];
      this.bits[i] = (this.bits[a] * this.#steps[a] + this.bits[b] * this.#steps[b]) / steps;
      this.step[i] = this.step[b];
      this.smooth[i] = this.smooth[b];
      this.validation[i] = this.validation[b] ?? this.validation[a];
      this.norm[i] = Math.max(this.norm[a], this.norm[b]);
      this.clipped[i] = this.clipped[a] + this.clipped[b];
      this.#steps[i] = steps;
    }
    for (const column of [
      this.step,
      this.bits,
      this.smooth,
      this.validation,
      this.norm,
      this.clipped,
      this.#steps,
    ])
      column.length = count;
  }
}
