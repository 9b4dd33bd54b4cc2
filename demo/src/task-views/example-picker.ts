import { create } from '../page/dom.js';
import { texts } from './texts.js';

let made = 0;

/** A menu of the fixed examples of a task. */
export class ExamplePicker {
  readonly element = create('label', 'example-picker', `${texts.example} `);
  readonly #select = create('select');

  constructor(readonly changed: (example: number) => void) {
    this.#select.id = `task-example-${made++}`;
    this.#select.addEventListener('change', () => this.changed(this.current));
    this.element.htmlFor = this.#select.id;
    this.element.append(this.#select);
    this.element.hidden = true; // until there is something to choose
  }

  get current(): number {
    return Math.max(0, this.#select.selectedIndex);
  }

  /** Chooses an example, as the visitor would. */
  choose(example: number): void {
    if (this.current === example) return;
    this.#select.selectedIndex = example;
    this.changed(example);
  }

  /** @param names one for each example; the choice is kept */
  show(names: readonly string[]): void {
    const { options } = this.#select;
    this.element.hidden = names.length === 0;
    names.forEach((name, i) => {
      const option = options.item(i) ?? this.#select.appendChild(create('option'));
      if (option.textContent !== name) option.textContent = name;
    });
    while (options.length > names.length) options.remove(options.length - 1);
  }
}
