import type { WrittenSymbols } from './model.js';

/** Replacement characters at the end of a text: a character that the next ids may complete. */
const UNFINISHED = /\uFFFD+$/;

/** The text of ids, without the end symbol. */
export function textOf(written: WrittenSymbols, ids: readonly number[]): string {
  return written.decode(ids.at(-1) === written.end ? ids.slice(0, -1) : ids);
}

/** Passes a growing text to a callback, piece by piece. */
export class TextPieces {
  #passed = '';

  constructor(
    readonly written: WrittenSymbols,
    readonly onPiece: (piece: string) => void,
  ) {}

  /**
   * Passes the part of the text that is new.
   * @param ids all ids so far
   * @param complete whether no more ids will follow
   */
  add(ids: readonly number[], complete: boolean): void {
    const text = textOf(this.written, ids);
    const certain = complete ? text : text.replace(UNFINISHED, '');
    if (certain.length <= this.#passed.length) return;
    this.onPiece(certain.slice(this.#passed.length));
    this.#passed = certain;
  }
}
