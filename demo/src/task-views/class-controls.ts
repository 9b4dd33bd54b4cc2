import { create } from '../page/dom.js';
import { percent } from './words.js';
import { texts } from './texts.js';

let made = 0;

/** The class and the temperature to draw for. */
export interface Wish {
  readonly class: string;
  readonly temperature: number;
}

/** Lets the visitor choose a class and a temperature, and draw again. */
export class ClassControls {
  readonly element = create('div', 'class-controls');
  readonly #select = create('select');
  readonly #range = create('input');
  readonly #output = create('output');
  #seed = 0;

  /**
   * @param label name of the field of classes
   * @param more text of the button
   * @param changed called with each wish and a new seed
   */
  constructor(
    label: string,
    classes: readonly string[],
    more: string,
    readonly changed: (wish: Wish, seed: number) => void,
  ) {
    const [select, range] = [this.#select, this.#range];
    const number = made++;
    select.id = `class-${number}`;
    select.append(...classes.map((name) => create('option', '', name)));
    select.addEventListener('change', () => this.#tell());
    Object.assign(range, {
      id: `wildness-${number}`,
      type: 'range',
      min: '0',
      max: '2',
      step: '0.1',
      value: '0.8',
    });
    range.addEventListener('input', () => this.#tell());
    const button = create('button', '', more);
    button.type = 'button';
    button.addEventListener('click', () => this.#tell());
    this.element.append(labelled(label, select), labelled(texts.wildness, range), this.#output, button);
    this.#output.htmlFor.add(range.id);
    this.#say();
  }

  get wish(): Wish {
    return { class: this.#select.value, temperature: Number(this.#range.value) };
  }

  #tell(): void {
    this.#say();
    this.changed(this.wish, ++this.#seed);
  }

  #say(): void {
    const { temperature } = this.wish;
    this.#output.textContent =
      temperature === 0 ? texts.likeliest : temperature === 1 ? texts.learned : percent(temperature);
  }
}

function labelled(text: string, control: HTMLElement): HTMLLabelElement {
  const label = create('label', '', `${text} `);
  label.htmlFor = control.id;
  label.append(control);
  return label;
}
