import type { AddressField, FieldValues } from './url.js';

type Control = HTMLInputElement | HTMLSelectElement;

/**
 * The named fields of forms that an address can hold: those with one short value, which texts and
 * files are not.
 */
export class Fields {
  readonly #controls: readonly Control[];

  constructor(...forms: readonly HTMLFormElement[]) {
    this.#controls = forms
      .flatMap((form) => [...form.elements])
      .filter(isShort)
      .filter(({ name }) => name !== '');
  }

  get list(): readonly AddressField[] {
    return this.#controls.map((control) => {
      const choices = choicesOf(control);
      return choices ? { name: control.name, choices } : { name: control.name };
    });
  }

  get values(): FieldValues {
    return Object.fromEntries(
      this.#controls.map((control) => [
        control.name,
        isTick(control) ? (control.checked ? '1' : '0') : control.value,
      ]),
    );
  }
}

function isShort(element: Element): element is Control {
  if (element instanceof HTMLSelectElement) return true;
  return (
    element instanceof HTMLInputElement &&
    !['file', 'submit', 'button', 'reset', 'image', 'radio', 'password'].includes(element.type)
  );
}

function isTick(control: Control): control is HTMLInputElement {
  return control.type === 'checkbox';
}

/** Choices in parentheses, `(paste)` and `(file)`, need data that an address cannot hold. */
function choicesOf(control: Control): readonly string[] | undefined {
  if (isTick(control)) return ['0', '1'];
  return control instanceof HTMLSelectElement
    ? [...control.options].map(({ value }) => value).filter((value) => !value.startsWith('('))
    : undefined;
}
