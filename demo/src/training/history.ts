import type { Progress, Validation } from './protocol.js';

/** Points beyond which two neighbours become one. */
const MOST_POINTS = 3000;
/**
 * The smoothed loss forgets within this share of the run, and no sooner than in so many steps: more of
 * them, and early in a run, where the loss falls fast, the curve would lag behind what is measured on
 * held-back text.
 */
const MEMORY = { share: 0.04, steps: 3 };

/** A history as plain data: all columns are equally long. */
export interface HistoryColumns {
  readonly step: readonly number[];
  readonly bits: readonly number[];
  readonly smooth: readonly number[];
  readonly validation: readonly (number | null)[];
  readonly norm: readonly number[];
  readonly clipped: readonly number[];
  /** Steps of each point. */
  readonly steps: readonly number[];
}

/**
 * The smoothed loss after `steps` more steps, the last of which is `step`, with the mean loss `bits`.
 * A loss that is no number leaves it as it was.
 */
export function smoothed(before: number | undefined, bits: number, step: number, steps: number): number {
  if (!Number.isFinite(bits)) return before ?? bits;
  if (before === undefined || !Number.isFinite(before)) return bits;
  return before + (1 - Math.exp(-steps / Math.max(MEMORY.steps, MEMORY.share * step))) * (bits - before);
}

/**
 * What a run has shown so far. Columns of equal length, as a chart takes them; losses in bits per
 * character.
 */
export class History {
  readonly step: number[] = [];
  /** Mean loss of the steps up to this point. */
  readonly bits: number[] = [];
  readonly smooth: number[] = [];
  /** Loss on the text that is held back, where it was measured. */
  readonly validation: (number | null)[] = [];
  /** Largest gradient norm of these steps. */
  readonly norm: number[] = [];
  /** How many of these steps were clipped. */
  readonly clipped: number[] = [];
  readonly #steps: number[] = [];

  get length(): number {
    return this.step.length;
  }

  /** The measurements on the text that is held back, in order. */
  get validations(): readonly Validation[] {
    return this.step.flatMap((step, i) => {
      const bitsPerChar = this.validation[i];
      return bitsPerChar === null ? [] : [{ step, bitsPerChar }];
    });
  }

  /** Everything, to be kept. */
  get columns(): HistoryColumns {
    const { step, bits, smooth, validation, norm, clipped } = this;
    return { step, bits, smooth, validation, norm, clipped, steps: this.#steps };
  }

  /** What was kept takes the place of everything. */
  restore(columns: HistoryColumns): void {
    const own = this.columns;
    for (const name of Object.keys(own) as (keyof HistoryColumns)[])
      (own[name] as (number | null)[]).splice(0, Infinity, ...columns[name]);
  }

  /** @param scale what turns the loss that is told into bits per character */
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

  /** Takes a measurement, which comes after the steps that it is about. */
  validated({ step, bitsPerChar }: Validation): void {
    const last = this.length - 1;
    if (last >= 0 && this.step[last] <= step) this.validation[last] = bitsPerChar;
  }

  /** Forgets what came after a step; without one, everything. */
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

  /** Every two neighbours become one: the mean of losses, the largest norm. */
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
