import { byId, create } from '../page/dom.js';
import type { InsideView } from './protocol.js';
import { named, percent, visible } from './symbols.js';
import { wordsOf } from '../words/parts.js';

const words = (await wordsOf('inside')).guesses;

/** Number of likeliest next characters that are listed. */
export const GUESSES = 5;

/** The expected characters after one character: bars with percentages, the right one marked. */
export class GuessList {
  readonly #head = byId('inside-guess-head', HTMLElement);
  readonly #list = byId('inside-guess-list', HTMLOListElement);
  readonly #rows = Array.from({ length: GUESSES }, (_, k) => new Row(k));

  /** @param choose called with the index of a chosen guess */
  constructor(choose: (k: number) => void) {
    for (const { item, button, k } of this.#rows) {
      button.addEventListener('click', () => choose(k));
      this.#list.append(item);
    }
  }

  /** @param position of the character before them; undefined if none is chosen */
  show(
    { symbols, likeliest }: Pick<InsideView, 'symbols' | 'likeliest'>,
    position: number | undefined,
  ): void {
    const known = position !== undefined && position < symbols.length;
    this.#list.hidden = !known;
    if (!known) {
      this.#head.textContent = words.point;
      return;
    }
    const next = symbols.at(position + 1);
    this.#head.textContent =
      next === undefined
        ? words.last(named(symbols[position]))
        : words.comes(named(symbols[position]), named(next));
    for (const [k, row] of this.#rows.entries()) row.show(likeliest[position][k], next);
  }
}

/** One guess. */
class Row {
  readonly item = create('li');
  readonly button = create('button', 'guess');
  readonly #name = create('span', 'visually-hidden');
  readonly #symbol = create('b');
  readonly #bar = create('i');
  readonly #share = create('span');

  constructor(readonly k: number) {
    this.button.type = 'button';
    this.#bar.ariaHidden = 'true';
    this.#symbol.ariaHidden = 'true'; // the visible sign for a space is not read aloud
    this.button.title = words.depends;
    this.button.append(this.#name, this.#symbol, this.#bar, this.#share);
    this.item.append(this.button);
  }

  show(
    candidate: { readonly symbol: string; readonly probability: number } | undefined,
    next: string | undefined,
  ): void {
    this.item.hidden = candidate === undefined;
    if (!candidate) return;
    const { symbol, probability } = candidate;
    const right = symbol === next;
    this.#symbol.textContent = visible(symbol);
    this.#share.textContent = `${percent(probability)}${right ? ' ✓' : ''}`;
    this.#bar.style.setProperty('--share', `${(100 * probability).toFixed(1)}%`);
    this.button.classList.toggle('right', right);
    this.#name.textContent = named(symbol);
  }
}
