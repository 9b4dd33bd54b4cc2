import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import { expendable } from '../training/expendable.js';
import { MOST_MOMENTS } from './moments.js';
import type { Moment } from './view.js';
import { words } from './words.js';

/** The slider over the training: what the network answered at a few of its steps. */
export class Past {
  #moments: Moment[] = [];
  #live: Moment | undefined;
  readonly #section = byId('past', HTMLElement);
  readonly #slider = byId('past-step', HTMLInputElement);
  readonly #output = byId('past-at', HTMLOutputElement);

  /** @param show shows a moment; `live` where it is the last one */
  constructor(readonly show: (moment: Moment, live: boolean) => void) {
    this.#slider.addEventListener('input', () => this.#move());
    this.#draw();
  }

  /** What is kept, in rising order. */
  get moments(): readonly Moment[] {
    return this.#moments;
  }

  /** The step that somebody looks back at. */
  get step(): number | undefined {
    return this.#moments[Number(this.#slider.value)]?.step;
  }

  /** Begins anew, or with moments that were kept. */
  reset(moments: readonly Moment[] = []): void {
    this.#moments = [...moments];
    this.#live = undefined;
    this.#slider.max = String(this.#moments.length); // before the value, which it bounds
    this.#slider.value = this.#slider.max;
    this.#draw();
  }

  /** @param kept whether it is worth going back to */
  add(moment: Moment, kept: boolean): void {
    const atEnd = this.#slider.value === this.#slider.max;
    this.#live = moment;
    if (kept) {
      this.#moments = [...this.#moments.filter(({ step }) => step < moment.step), moment];
      if (this.#moments.length > MOST_MOMENTS)
        this.#moments.splice(expendable(this.#moments.map(({ step }) => step)), 1);
      this.#slider.max = String(this.#moments.length);
      if (atEnd) this.#slider.value = this.#slider.max;
    }
    this.#draw();
    if (atEnd) this.show(moment, true);
  }

  /** Shows what is shown once more: to a view that has just come. */
  showAgain(): void {
    this.#move();
  }

  #move(): void {
    const moment = this.#moments[Number(this.#slider.value)] ?? this.#live ?? this.#moments.at(-1);
    this.#draw();
    if (moment) this.show(moment, moment === this.#live);
  }

  #draw(): void {
    this.#section.hidden = this.#moments.length === 0;
    const { step } = this;
    const text = step === undefined ? words.now : words.atStep(count(step));
    this.#output.textContent = text;
    this.#slider.setAttribute('aria-valuetext', text);
  }
}
