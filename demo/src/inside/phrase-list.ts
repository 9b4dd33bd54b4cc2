import { byId, create } from '../page/dom.js';
import { otherPlaces, unitsThroughout, type LitRow, type Range } from './phrases.js';
import { phraseSentence } from './sentences.js';
import { percent, visible } from './symbols.js';

/** Characters before and after a place that are shown with it. */
const AROUND = 8;

/** The units that are on throughout a chosen phrase, and other places where they are on. */
export class PhraseList {
  readonly #words = byId('inside-phrase', HTMLElement);
  readonly #list = byId('inside-places', HTMLOListElement);

  /** @param go called with a chosen place */
  constructor(readonly go: (place: Range) => void) {}

  /** @returns the rows to light up */
  show(symbols: readonly string[], levels: Int8Array, phrase: Range | undefined): readonly LitRow[] {
    const T = symbols.length;
    const fits = phrase !== undefined && phrase.to <= T && levels.length > 0;
    const lit = fits ? unitsThroughout(levels, T, phrase) : [];
    const places = fits ? otherPlaces(levels, T, lit, phrase) : [];
    this.#words.textContent = phraseSentence(
      fits ? symbols.slice(phrase.from, phrase.to).map(visible).join('') : undefined,
      lit.length,
      places.length,
    );
    this.#list.hidden = places.length === 0;
    this.#list.replaceChildren(
      ...places.map((place) => {
        const button = create('button', 'place');
        button.type = 'button';
        const text = (from: number, to: number): string =>
          symbols.slice(Math.max(0, from), to).map(visible).join('');
        button.append(
          `…${text(place.from - AROUND, place.from)}`,
          create('mark', '', text(place.from, place.to)),
          `${text(place.to, place.to + AROUND)}… ${percent(place.share)}`,
        );
        button.addEventListener('click', () => this.go(place));
        const item = create('li');
        item.append(button);
        return item;
      }),
    );
    return lit;
  }
}
