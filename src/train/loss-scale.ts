import { elementCount } from '../core/notation.js';
import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';

/** Name of the memory tensor [2]: the factor of the loss, and the steps since it was changed. */
export const LOSS_SCALE = 'loss_scale';

/** The tensor before the first step. */
export const FIRST_LOSS_SCALE: readonly number[] = [65536, 0];

/** Number of skipped steps in a row after which the first factor has become 1. */
export const MOST_HALVINGS = 16;

/**
 * The factor by which a training step in mixed precision multiplies the gradient of the loss: small
 * gradients would be 0 in half precision. It is a power of two, so multiplying and dividing by it is
 * exact. See the op loss_scale.
 */
export class LossScale {
  readonly #state: Tensor;
  readonly #factor: Tensor;
  readonly #one: Tensor;

  constructor(readonly builder: GraphBuilder) {
    this.#state = builder.tensor('memory', LOSS_SCALE, [2]);
    this.#factor = builder.view(this.#state, [1]);
    this.#one = builder.constant(`${LOSS_SCALE}.one`, [1], [1]);
  }

  /**
   * The number by which losses divide their gradients.
   * @param count the same without the factor. Default: 1
   */
  count(count: Tensor = this.#one): Tensor {
    return this.#divide('count', count);
  }

  /** @param gradients [E] of the loss times the factor @returns [E], of the loss */
  gradients(gradients: Tensor): Tensor {
    const { builder } = this;
    const E = elementCount(gradients.shape);
    const x = builder.view(gradients, [1, E]);
    const scale = this.#divide('inverse', this.#one);
    const { y } = builder.apply(ops.scale_rows, `${LOSS_SCALE}.gradients`, { x, scale });
    return builder.view(y, [E]);
  }

  /** Adapts the factor to the report [4] of the step. */
  adapt(report: Tensor): void {
    this.builder.apply(ops.loss_scale, LOSS_SCALE, { report, state: this.#state });
  }

  #divide(label: string, a: Tensor): Tensor {
    return this.builder.apply(ops.divide, `${LOSS_SCALE}.${label}`, { a, b: this.#factor }).y;
  }
}
