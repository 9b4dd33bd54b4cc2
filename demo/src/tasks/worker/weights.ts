import { MOST_MOMENTS } from '../moments.js';
import { expendable } from '../../training/expendable.js';

/** A network's weights after a step. */
export interface StepWeights {
  readonly step: number;
  /** The arena of its parameters. */
  readonly parameters: Float32Array;
}

/** Bytes of all weights that are kept: a small network has a megabyte in all. */
const MOST_BYTES = 64 * 2 ** 20;

/** The weights at the steps that the slider over the training keeps, in the worker's memory. */
export class Weights {
  #kept: StepWeights[] = [];

  /** @param weights of a step later than all that are kept, or of one of them */
  add(weights: StepWeights): void {
    this.#kept = [...this.#kept.filter(({ step }) => step < weights.step), weights];
    while (this.#kept.length > 1 && this.#isTooMuch)
      this.#kept.splice(expendable(this.#kept.map(({ step }) => step)), 1);
  }

  at(step: number): StepWeights | undefined {
    return this.#kept.find((one) => one.step === step);
  }

  get #isTooMuch(): boolean {
    const bytes = this.#kept.reduce((sum, { parameters }) => sum + parameters.byteLength, 0);
    return this.#kept.length > MOST_MOMENTS || bytes > MOST_BYTES;
  }
}
