import { visible } from '../inside/symbols.js';
import { GUESS_HEIGHT, MOST_GUESSES } from './layout.js';
import type { Column, StripLayout } from './layout-parts.js';
import { r, set, svg } from './svg.js';
import type { Guess, Step } from './shape.js';
import { isRight } from './words.js';

/** Height of the bars of guesses, and width of a character and of a sign after a guess. */
const BARS = 26;
const CHARACTER = 8.5;
const SIGN = 17;

/** One step: its input and its guesses. */
export class StepView {
  readonly step: number;
  readonly group: SVGGElement;
  readonly #read: SVGTextElement;
  readonly #best = svg('text');
  readonly #share = svg('text');
  readonly #bars = Array.from({ length: MOST_GUESSES }, () => svg('rect', { class: 'bar' }));
  readonly #answers: readonly { readonly label: SVGTextElement; readonly share: SVGTextElement }[] = [];

  constructor(
    { step, x }: Column,
    readonly layout: StripLayout,
    readonly each: boolean,
    readonly last: boolean,
  ) {
    this.step = step;
    this.group = svg('g', { class: 'step' });
    this.group.dataset.step = String(step);
    const { guessY, readY, columnWidth } = layout;
    // The background makes empty parts of a column clickable.
    this.group.append(
      svg('rect', {
        class: 'hit',
        x: r(x - columnWidth / 2),
        y: r(readY - 18),
        width: r(columnWidth),
        height: 26,
      }),
    );
    this.#read = svg('text', { class: 'read', x: r(x), y: r(readY) });
    this.group.append(this.#read);
    if (each) {
      for (const [text, y, name] of [
        [this.#best, guessY + 11, 'best'],
        [this.#share, guessY + GUESS_HEIGHT - 4, 'share'],
      ] as const) {
        set(text, 'class', name);
        set(text, 'x', r(x));
        set(text, 'y', r(y));
      }
      const width = Math.min(9, (columnWidth - 6) / MOST_GUESSES);
      for (const [k, bar] of this.#bars.entries()) {
        set(bar, 'x', r(x + (k - MOST_GUESSES / 2) * width));
        set(bar, 'width', r(width - 1));
      }
      this.group.append(
        svg('rect', {
          class: 'hit',
          x: r(x - columnWidth / 2),
          y: r(guessY),
          width: r(columnWidth),
          height: GUESS_HEIGHT,
        }),
        this.#best,
        ...this.#bars,
        this.#share,
      );
    } else if (last) {
      const right = Math.min(layout.width - 4, Math.max(x + columnWidth / 2, 180));
      this.#answers = Array.from({ length: MOST_GUESSES }, (_, k) => ({
        label: svg('text', { class: 'answer', x: r(right - 44), y: r(guessY + 12 + 17 * k) }),
        share: svg('text', { class: 'answer', x: r(right), y: r(guessY + 12 + 17 * k) }),
      }));
      for (const [k, bar] of this.#bars.entries()) {
        set(bar, 'y', r(guessY + 17 * k));
        set(bar, 'height', 15);
      }
      this.group.append(...this.#bars, ...this.#answers.flatMap(({ label, share }) => [label, share]));
    }
  }

  show(step: Step | undefined, current: boolean): void {
    const { columnWidth } = this.layout;
    this.group.classList.toggle('current', current);
    this.#read.textContent = short(step?.reads ?? '', columnWidth);
    const guesses = (step?.guesses ?? []).slice(0, MOST_GUESSES);
    const best = guesses.at(0);
    const right = step && isRight(step);
    this.group.classList.toggle('right', right === true);
    this.group.classList.toggle('wrong', right === false);
    if (this.each) {
      const sign = right === undefined ? '' : right ? ' ✓' : ' ✗';
      this.#best.textContent = best ? `${short(best.symbol, columnWidth - SIGN)}${sign}` : '';
      this.#share.textContent = shareOf(best);
      for (const [k, bar] of this.#bars.entries()) this.#bar(bar, guesses.at(k), step?.comes);
    } else if (this.last) this.#showAnswers(guesses, step?.comes);
  }

  #bar(bar: SVGRectElement, guess: Guess | undefined, comes: string | undefined): void {
    const height = guess ? Math.max(1, (guess.probability ?? 1) * BARS) : 0;
    set(bar, 'y', r(this.layout.guessY + 17 + BARS - height));
    set(bar, 'height', r(height));
    set(bar, 'class', guess && guess.symbol === comes ? 'bar comes' : 'bar');
  }

  #showAnswers(guesses: readonly Guess[], comes: string | undefined): void {
    for (const [k, { label, share }] of this.#answers.entries()) {
      const guess = guesses.at(k);
      const isIt = guess !== undefined && guess.symbol === comes;
      label.textContent = guess
        ? `${short(guess.symbol, 130)}${k === 0 && comes !== undefined ? (isIt ? ' ✓' : ' ✗') : ''}`
        : '';
      share.textContent = shareOf(guess);
      const width = 130 * (guess?.probability ?? 0);
      const end = Number(share.getAttribute('x')) - 40 - width;
      set(this.#bars[k], 'x', r(end));
      set(label, 'x', r(end - 5));
      set(this.#bars[k], 'width', r(width));
      set(this.#bars[k], 'class', isIt ? 'bar comes' : 'bar');
    }
  }
}

function shareOf(guess: Guess | undefined): string {
  return guess?.probability === undefined ? '' : `${Math.round(100 * guess.probability)}%`;
}

/** Shortens a symbol to its column. A single symbol such as a space gets a visible form. */
export function short(symbol: string, width: number): string {
  const characters = [...symbol];
  if (characters.length === 1) return visible(symbol);
  const most = Math.max(1, Math.floor(width / CHARACTER));
  if (characters.length <= most) return symbol;
  // Where hardly two fit, an ellipsis would take the place of one.
  return most < 3 ? characters.slice(0, most).join('') : `${characters.slice(0, most - 1).join('')}…`;
}
