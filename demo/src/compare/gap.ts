import { byId } from '../page/dom.js';

/** The slider of the gap and its field in the form, which follow each other. */
export class GapSlider {
  readonly #slider = byId('compare-gap', HTMLInputElement);
  readonly #at = byId('compare-gap-at', HTMLOutputElement);
  readonly #field = byId('compare-delay', HTMLInputElement);

  /** @param chosen called when the slider is released */
  constructor(chosen: () => void) {
    this.#slider.addEventListener('input', () => {
      this.#field.value = this.#slider.value;
      this.#field.dispatchEvent(new Event('input', { bubbles: true }));
      this.#field.dispatchEvent(new Event('change', { bubbles: true }));
    });
    this.#slider.addEventListener('change', chosen);
  }

  /** Shows the value of the field. @param isTask whether there is a gap at all */
  follow(isTask: boolean): void {
    const { value } = this.#field;
    this.#slider.closest<HTMLElement>('.field')?.toggleAttribute('hidden', !isTask);
    if (Number.isInteger(Number(value))) this.#slider.value = value;
    this.#at.textContent = value;
  }
}
