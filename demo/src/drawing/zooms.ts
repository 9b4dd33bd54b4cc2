import { visible } from '../inside/symbols.js';
import { sentences } from '../page/format.js';
import { cellSentence, placeName } from './cell-words.js';
import { CellView } from './cell-view.js';
import { momentOf } from './places.js';
import type { CellPlace, Example, NetworkShape, Sum } from './shape.js';
import { UnitView } from './unit-view.js';
import { wordsOf } from '../words/parts.js';

const { cell: words, place: names, stop } = await wordsOf('drawing');

/** Returns the terms of one unit's values; undefined if the weights are not available. */
export type SumsOf = (
  place: CellPlace & { readonly unit: number },
) => readonly Sum[] | Promise<readonly Sum[]>;

/** The second and the third zoom: one cell, and below it the numbers of one unit. */
export class Zooms {
  readonly cell = new CellView();
  readonly unit = new UnitView();
  #asked = 0;

  constructor(readonly sumsOf: SumsOf) {}

  /** @returns a description in words */
  show(
    shape: NetworkShape,
    example: Example,
    place: CellPlace & { readonly unit: number },
    { width, numbers }: { readonly width: number; readonly numbers: boolean },
  ): string {
    const moment = momentOf(example, place);
    if (!moment) return words.unknown;
    const { steps } = example;
    // Above the lowest layer of a pyramid, a step covers several symbols.
    const read = steps
      .slice(place.step * moment.span, (place.step + 1) * moment.span)
      .map(({ reads }) => reads);
    const reads = place.layer === 0 ? read.map(visible).join(' ') : names.layer(place.layer);
    const sees = shape.stack.cell.recurrentWeights;
    this.cell.show(moment, { unit: place.unit, reads, sees, room: width });
    if (numbers) void this.#showNumbers(place);
    const where = placeName(shape, place);
    const sentence = cellSentence(moment, place.unit);
    if (where === '') return sentence;
    return sentences([`${where.charAt(0).toUpperCase()}${where.slice(1)}${stop}`, sentence]);
  }

  /** Drop an answer to an earlier question. */
  async #showNumbers(place: CellPlace & { readonly unit: number }): Promise<void> {
    const asked = ++this.#asked;
    const sums = await this.sumsOf(place);
    if (asked === this.#asked) this.unit.show(sums);
  }
}
