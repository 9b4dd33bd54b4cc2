import { create } from '../page/dom.js';

let made = 0;

/** A choice between a few values, as radio buttons in a row. */
export class Choice<K extends string> {
  readonly element = create('fieldset', 'choice');
  #value: K;

  constructor(
    label: string,
    options: Readonly<Record<K, string>>,
    value: K,
    readonly changed: (value: K) => void,
  ) {
    this.#value = value;
    const name = `choice-${made++}`;
    this.element.append(create('legend', '', label));
    for (const key of Object.keys(options) as K[]) {
      const input = create('input');
      Object.assign(input, { type: 'radio', name, value: key, checked: key === value });
      input.addEventListener('change', () => {
        this.#value = key;
        this.changed(key);
      });
      const box = create('label');
      box.append(input, ` ${options[key]}`);
      this.element.append(box);
    }
  }

  get value(): K {
    return this.#value;
  }
}
