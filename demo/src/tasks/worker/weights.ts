import { MOST_MOMENTS } from '../moments.js';
import { expendable } from '../../training/expendable.js';

/** A network's weights after a step. */
export interface StepWeights {
  readonly step: number;
  /** The parameters in one array. */
  readonly parameters: Float32Array;
}

/** Most bytes of all stored weights. Those of a small network take a megabyte together. */
const MOST_BYTES = 64 * 2 ** 20;

/** The weights at the steps of the slider, in the worker's memory. */
export class Weights {
  #kept: StepWeights[] = [];

  /** @param weights of a step later than all stored ones, or of one of them */
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
