import { create } from '../page/dom.js';
import type { Attention } from '../tasks/view.js';
import { scoreOf, type Alignment } from './alignment.js';
import { linesPicture, matrixPicture } from './attention-picture.js';
import { Choice } from './choice.js';
import { Stepper } from './stepper.js';
import { attentionWords, percent } from './words.js';
import { texts } from './texts.js';

const { lines, matrix, ...said } = texts.attention;
const ZOOMS = { lines, matrix } as const;
type Zoom = keyof typeof ZOOMS;

/**
 * Shows the attention of a network while it writes: as lines between two strips, or as a matrix.
 */
export class AttentionView {
  readonly element = create('figure', 'attention');
  readonly #zoom = new Choice<Zoom>(said.zoom, ZOOMS, 'lines', () => this.#draw());
  readonly #stepper = new Stepper(said.steps, (row) => this.#choose(row));
  readonly #words = create('p', 'hint');
  readonly #score = create('p', 'hint score');
  #attention: Attention = { source: [], output: [], weights: [] };
  #current = 0;

  constructor() {
    this.#stepper.element.classList.add('wide');
    this.element.append(this.#zoom.element, this.#stepper.element, this.#words, this.#score);
  }

  /** @param alignment the true one, if it is known */
  show(attention: Attention, alignment: Alignment | undefined): void {
    this.#attention = attention;
    this.#choose(Math.max(0, Math.min(this.#current, attention.output.length - 1)));
    const score = alignment && scoreOf(attention, alignment);
    this.#score.hidden = !score;
    if (score) this.#score.textContent = said.score(percent(score.share), score.hits, score.of);
  }

  #choose(row: number): void {
    this.#current = row;
    this.#draw();
    const text = attentionWords(this.#attention, row);
    this.#words.textContent = text;
    this.#stepper.show({ count: this.#attention.output.length, current: row, text });
  }

  #draw(): void {
    const draw = this.#zoom.value === 'lines' ? linesPicture : matrixPicture;
    this.#stepper.element.replaceChildren(draw(this.#attention, this.#current));
  }
}
