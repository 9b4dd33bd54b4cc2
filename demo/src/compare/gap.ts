import { byId } from '../page/dom.js';

/** The slider of the gap, which is also a field of the form: each follows the other. */
export class GapSlider {
  readonly #slider = byId('compare-gap', HTMLInputElement);
  readonly #at = byId('compare-gap-at', HTMLOutputElement);
  readonly #field = byId('compare-delay', HTMLInputElement);

  /** @param chosen called when the slider has been let go of */
  constructor(chosen: () => void) {
    this.#slider.addEventListener('input', () => {
      this.#field.value = this.#slider.value;
      this.#field.dispatchEvent(new Event('input', { bubbles: true }));
      this.#field.dispatchEvent(new Event('change', { bubbles: true }));
    });
    this.#slider.addEventListener('change', chosen);
  }

  /** Shows what the field has. @param isTask whether there is a gap at all */
  follow(isTask: boolean): void {
    const { value } = this.#field;
    this.#slider.closest<HTMLElement>('.field')?.toggleAttribute('hidden', !isTask);
    if (Number.isInteger(Number(value))) this.#slider.value = value;
    this.#at.textContent = value;
  }
}
