import type { WrittenSymbols } from './model.js';

/** How an unfinished character ends a text: the next ids may complete it. */
const UNFINISHED = /\uFFFD+$/;

/** The text of ids without the end symbol. */
export function textOf(written: WrittenSymbols, ids: readonly number[]): string {
  return written.decode(ids.at(-1) === written.end ? ids.slice(0, -1) : ids);
}

/** Gives a text that grows in pieces that it is joined from. */
export class Pieces {
  #given = '';

  constructor(
    readonly written: WrittenSymbols,
    readonly onPiece: (piece: string) => void,
  ) {}

  /** @param complete false while more ids may come */
  add(ids: readonly number[], complete: boolean): void {
    const text = textOf(this.written, ids);
    const certain = complete ? text : text.replace(UNFINISHED, '');
    if (certain.length <= this.#given.length) return;
    this.onPiece(certain.slice(this.#given.length));
    this.#given = certain;
  }
}
