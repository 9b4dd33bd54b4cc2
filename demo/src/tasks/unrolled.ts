import type { Example, NetworkShape } from '../drawing/shape.js';
import type { Asked, Read } from './view.js';

/** The activations of a network over one example, for the drawing. */
export interface Unrolled {
  /** The step after which the weights were taken. */
  readonly step: number;
  readonly shape: NetworkShape;
  /** A picture is in `read`; the page makes an address of it. */
  readonly example: Example;
  readonly read: Read;
  /** The weight matrices, with their names among the parameters. */
  readonly matrices: readonly { readonly name: string; readonly rows: number; readonly columns: number }[];
  /**
   * Whether the right answer is known. If so, a network that writes gets its symbols as input, as
   * in training, and gradients are those of its loss.
   */
  readonly forced: boolean;
}

/** Which example is drawn, and with which weights. */
export interface UnrolledRequest {
  readonly asked: Asked;
  /** The step whose stored weights are used; the current ones by default. */
  readonly at?: number;
}
