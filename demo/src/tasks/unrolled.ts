import type { Example, NetworkShape } from '../drawing/shape.js';
import type { Asked, Read } from './view.js';

/** A network over one example, for the drawing. */
export interface Unrolled {
  /** The weights are those after this step. */
  readonly step: number;
  readonly shape: NetworkShape;
  /** A picture that is read is in `read`: the page makes an address of it. */
  readonly example: Example;
  readonly read: Read;
  /** The matrices of its weights by their names among the parameters. */
  readonly matrices: readonly { readonly name: string; readonly rows: number; readonly columns: number }[];
  /**
   * Whether the right answer is known: then a network that writes is given its symbols, as in
   * training, and gradients are those of its loss.
   */
  readonly forced: boolean;
}

/** Which example is drawn, and with which weights. */
export interface UnrolledRequest {
  readonly asked: Asked;
  /** A step whose weights are kept; absent: those of this moment. */
  readonly at?: number;
}
