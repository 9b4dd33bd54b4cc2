import { count, figure } from '../page/format.js';
import { wordsOf } from '../words/parts.js';

const { size } = await wordsOf('outlook');

/** Settings that already limit over-fitting. */
export interface Precautions {
  /** Whether a part of the text is held back. */
  readonly held: boolean;
  readonly dropout: boolean;
}

/** Explains the number of parameters relative to the size of the text. */
export function sizeAdvice(
  parameters: number,
  characters: number,
  { held, dropout }: Precautions = { held: false, dropout: false },
): string {
  const ratio = characters / parameters;
  if (ratio >= 10) return size.larger(figure(Math.round(ratio)));
  if (ratio >= 1) return size.fits(figure(Number(ratio.toPrecision(2))));
  const more = figure(Number((1 / ratio).toPrecision(2)));
  return ratio >= 0.1
    ? size.parts(more, held ? size.held : size.notHeld)
    : size.all(more, count(characters), dropout);
}
