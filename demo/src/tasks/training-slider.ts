import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import { expendable } from '../training/expendable.js';
import { MOST_MOMENTS } from './moments.js';
import type { Moment } from './view.js';
import { words } from './words.js';

/** The slider through the training: the answers of the network at a few of its steps. */
export class TrainingSlider {
  #moments: Moment[] = [];
  #live: Moment | undefined;
  readonly #section = byId('past', HTMLElement);
  readonly #slider = byId('past-step', HTMLInputElement);
  readonly #output = byId('past-at', HTMLOutputElement);

  /** @param show shows a moment; `live` if it is the last one */
  constructor(readonly show: (moment: Moment, live: boolean) => void) {
    this.#slider.addEventListener('input', () => this.#move());
    this.#draw();
  }

  /** The stored moments in ascending order. */
  get moments(): readonly Moment[] {
    return this.#moments;
  }

  /** The earlier step that is shown; undefined for the present. */
  get step(): number | undefined {
    return this.#moments[Number(this.#slider.value)]?.step;
  }

  /** Removes all moments, or restores stored ones. */
  reset(moments: readonly Moment[] = []): void {
    this.#moments = [...moments];
    this.#live = undefined;
    this.#slider.max = String(this.#moments.length); // before the value, which it limits
    this.#slider.value = this.#slider.max;
    this.#draw();
  }

  /** @param kept whether the slider returns to it */
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

  /** Shows the current moment again, to a view that was just made. */
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
