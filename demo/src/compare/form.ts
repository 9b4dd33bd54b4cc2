import { byId, create, say } from '../page/dom.js';
import { sentences } from '../page/format.js';
import { Fields } from '../page/fields.js';
import type { Entry, Fault } from '../host/messages.js';
import type { Catalogue } from '../training/protocol.js';
import { readAddress, writeAddress, type FieldValues } from '../page/url.js';
import { entryOf } from '../page/numbers.js';
import { fieldSentence, labelledSentence } from '../page/fault-words.js';
import { cellName, textName } from '../training/names.js';
import { workbench } from '../training/workbench-words.js';
import { GapSlider } from './gap.js';
import { COPY_MEMORY, type ComparisonEntries, type RunEntries } from './protocol.js';
import { swatch } from './series.js';
import { words } from './words.js';

type Control = HTMLInputElement | HTMLSelectElement;

/** The choice of no third network. */
const NONE = 'none';
/** The anchor of the page's address that holds a comparison; the fields follow by name. */
export const ANCHOR = '#compare';
const RUNS = [{ cell: 'rnn' }, { cell: 'lstm' }, { cell: 'gru' }] as const;
/**
 * Fields of a run: name, and a default that shows a difference within a minute on a slow machine.
 */
const SIZES = [
  { name: 'hidden', value: '32' },
  { name: 'layers', value: '1' },
  { name: 'rate', value: '0.01' },
] as const;

/** The fields of a comparison, their values and their faults. */
export class CompareForm {
  readonly element = byId('compare-form', HTMLFormElement);
  readonly #general = byId('compare-form-error', HTMLElement);
  readonly #fields: Fields;
  readonly #defaults: FieldValues;

  readonly #gap: GapSlider;

  /** @param gapChosen called when the visitor has moved the gap */
  constructor(
    readonly catalogue: Catalogue,
    gapChosen: () => void,
  ) {
    this.#gap = new GapSlider(gapChosen);
    const group = (label: string, names: readonly string[]): HTMLOptGroupElement => {
      const element = create('optgroup');
      element.label = label;
      element.append(...names.map((name) => new Option(textName(name), name)));
      return element;
    };
    this.#control('data').append(
      new Option(words.form.copyMemory, COPY_MEMORY),
      group(
        words.form.stories,
        catalogue.bundled.map(({ name }) => name),
      ),
      group(
        words.form.madeUp,
        catalogue.synthetic.map(({ name }) => name),
      ),
    );
    const cells = catalogue.cells.filter((cell) => cell !== 'rnn-relu');
    byId('compare-runs', HTMLElement).replaceChildren(...RUNS.map((_, i) => runFields(i, cells)));
    this.#fields = new Fields(this.element);
    this.#defaults = this.#fields.values;
    this.element.addEventListener(
      'input',
      ({ target }) => target instanceof HTMLElement && clearError(target),
    );
    this.element.addEventListener('change', () => this.#showDependent());
    this.#showDependent();
  }

  /**
   * Fills the fields from the page's address.
   * @returns what could not be used of it, in sentences
   */
  readAddress(hash: string): string {
    const { values, refused } = readAddress(hash.slice(ANCHOR.length), this.#fields.list);
    for (const [name, value] of Object.entries(values)) this.#control(name).value = value;
    this.#showDependent();
    return sentences(refused);
  }

  /**
   * The part of an address that fills in the current values: those that differ from the defaults.
   */
  get address(): string {
    return ANCHOR + writeAddress('', this.#fields.values, this.#defaults, this.#fields.list);
  }

  entries(): ComparisonEntries {
    const chosen = RUNS.flatMap((_, i): RunEntries[] => {
      const cell = this.#control(`cell${i + 1}`).value;
      return cell === NONE
        ? []
        : [
            {
              cell,
              hidden: this.#entry(`hidden${i + 1}`),
              layers: this.#entry(`layers${i + 1}`),
              rate: this.#entry(`rate${i + 1}`),
            },
          ];
    });
    return {
      data: this.#control('data').value,
      symbols: this.#entry('symbols'),
      delay: this.#entry('delay'),
      time: this.#entry('time'),
      batch: this.#entry('batch'),
      seed: this.#entry('seed'),
      weights: this.#control('weights').value,
      backend: this.#control('backend').value,
      runs: chosen,
    };
  }

  /** Shows a fault beside the field that it concerns, or under the form. */
  showFault(fault: Fault): void {
    const { option } = fault;
    const [, run, name = option] = /^runs\.(\d)\.(\w+)$/.exec(option ?? '') ?? [];
    const field = this.element.elements.namedItem(
      run === undefined ? (name ?? '') : `${name}${Number(run) + 1}`,
    );
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) {
      say(this.#general, labelledSentence(option ?? '', fault));
      return;
    }
    for (let fold = field.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null)
      fold.open = true;
    const error = create('p', 'error', fieldSentence(fault));
    error.id = `${field.id}-error`;
    error.setAttribute('role', 'alert');
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-errormessage', error.id);
    field.after(error);
    field.focus();
  }

  clearFaults(): void {
    say(this.#general, '');
    for (const field of this.element.querySelectorAll<HTMLElement>('[aria-invalid]')) clearError(field);
  }

  /**
   * Shows the fields of a task only with a task, those of a text with a text, and those of the
   * third network if there is one.
   */
  #showDependent(): void {
    const task = this.#control('data').value === COPY_MEMORY;
    for (const name of ['symbols', 'delay']) this.#fieldOf(name).hidden = !task;
    this.#fieldOf('time').hidden = task;
    for (const { name } of SIZES) this.#fieldOf(`${name}3`).hidden = this.#control('cell3').value === NONE;
    this.#gap.follow(task);
    const language = this.catalogue.synthetic.find(({ name }) => name === this.#control('data').value);
    const [symbols, delay] = [this.#control('symbols').value, this.#control('delay').value];
    byId('compare-start', HTMLButtonElement).textContent = task
      ? words.form.remember(symbols, delay)
      : words.form.best;
    byId('compare-data-hint', HTMLElement).textContent = task
      ? words.form.task
      : words.form.text +
        (language ? words.form.memory(workbench.memories[language.name] ?? language.memory) : '');
  }

  #fieldOf(name: string): HTMLElement {
    return this.#control(name).parentElement ?? this.element;
  }

  #control(name: string): Control {
    return byId(`compare-${name}`, HTMLElement) as Control;
  }

  /** Returns the number in a field, or its text if it is not a number. */
  #entry(name: string): Entry {
    return entryOf(this.#control(name));
  }
}

/** Makes the fields of one network. */
function runFields(i: number, cells: readonly string[]): HTMLFieldSetElement {
  const { cell } = RUNS[i];
  const box = create('fieldset');
  const legend = create('legend');
  legend.append(swatch(i), words.form.runs[i]);
  const select = create('select');
  select.append(
    ...cells.map(
      (kind) =>
        new Option(kind === 'rnn' ? 'RNN (tanh)' : cellName(kind), kind, kind === cell, kind === cell),
    ),
  );
  if (i === RUNS.length - 1) select.append(new Option(words.form.noThird, NONE));
  const field = (name: string, text: string, control: Control): HTMLElement => {
    control.id = `compare-${name}${i + 1}`;
    control.name = `${name}${i + 1}`;
    const label = create('label', '', text);
    label.htmlFor = control.id;
    const element = create('div', 'field');
    element.append(label, control);
    return element;
  };
  const sizes = SIZES.map(({ name, value }) => {
    const input = create('input');
    input.value = value;
    input.inputMode = name === 'rate' ? 'decimal' : 'numeric';
    input.autocomplete = 'off';
    return field(name, words.form.sizes[name], input);
  });
  box.append(legend, field('cell', words.form.cell, select), ...sizes);
  return box;
}

function clearError(field: HTMLElement): void {
  field.removeAttribute('aria-invalid');
  field.removeAttribute('aria-errormessage');
  document.getElementById(`${field.id}-error`)?.remove();
}
