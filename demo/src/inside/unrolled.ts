import { NetworkDrawing } from '../drawing/drawing.js';
import type { CellPlace, Example, NetworkShape, PlaceState, Sum } from '../drawing/shape.js';
import { byId } from '../page/dom.js';
import type { InsideView } from './protocol.js';
import { wordsOf } from '../words/parts.js';

const words = await wordsOf('inside');

/** The strip of the drawing over some characters of the text. */
export class Unrolled {
  readonly #drawing: NetworkDrawing;
  #from = 0;

  /**
   * @param look called with the current character
   * @param sums returns the terms of one unit's values at a character
   */
  constructor(
    look: (position: number) => void,
    sums: (place: CellPlace & { readonly unit: number }) => Promise<readonly Sum[]>,
  ) {
    this.#drawing = new NetworkDrawing({
      label: words.drawing,
      look: (step) => look(this.#from + step),
      sums: ({ step, ...place }) => sums({ ...place, step: this.#from + step }),
    });
    byId('inside-drawing', HTMLElement).append(this.#drawing.element);
  }

  /** @param position of the current character */
  show(view: InsideView, position: number | undefined): void {
    this.#from = view.strip.from;
    this.#drawing.show(shapeOf(view), exampleOf(view));
    this.mark(position);
  }

  /** Goes to a character if it is in the strip. */
  mark(position: number | undefined): void {
    if (position !== undefined && position >= this.#from) this.#drawing.lookAt(position - this.#from);
  }
}

/** Returns the network of a view. */
export function shapeOf({
  cell,
  hidden,
  layers,
}: Pick<InsideView, 'cell' | 'hidden' | 'layers'>): NetworkShape {
  return { stack: { cell, hidden, layers, directions: 1 }, answers: 'each' };
}

/**
 * Returns the characters of the strip with their states. The gradients are those of the last error
 * of windows from all over the text, at the steps before the end of the strip.
 */
export function exampleOf({
  symbols,
  likeliest,
  strip,
  hidden: H,
  flow,
}: Pick<InsideView, 'symbols' | 'likeliest' | 'strip' | 'hidden' | 'flow'>): Example {
  const { from } = strip;
  const T = (strip.layers[0]?.h.length ?? 0) / H;
  const at = (values: Readonly<Record<string, Float32Array>>, t: number): PlaceState['activations'] =>
    Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.subarray(t * H, (t + 1) * H)]));
  return {
    steps: Array.from({ length: T }, (_, t) => ({
      reads: symbols[from + t],
      comes: symbols.at(from + t + 1),
      guesses: likeliest[from + t],
    })),
    states: strip.layers.map((values, layer) => [
      Array.from({ length: T }, (_, t): PlaceState => {
        const line = flow.find((one) => one.layer === layer);
        const step = (line?.norms.length ?? 0) - (T - t);
        const h = line?.norms.at(step);
        return {
          activations: at(values, t),
          ...(line && h !== undefined && step >= 0 ? { gradients: { h, c: line.cellNorms?.[step] } } : {}),
        };
      }),
    ]),
    before: strip.before?.map((values) => [at(values, 0)]),
    first: from + 1,
  };
}
