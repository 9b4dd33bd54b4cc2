import { byId, create, say } from '../page/dom.js';
import { labelledSentence } from '../page/fault-words.js';
import type { Entry, Fault } from '../host/messages.js';
import { entryOf as taskNamed } from './catalogue.js';
import { entryOf, SETTING_NAMES } from './address.js';
import type { TaskSettings } from './protocol.js';
import { words } from './words.js';

const CELLS = ['lstm', 'gru', 'rnn'];
const ATTENTIONS = ['none', 'additive', 'general', 'dot'];
/** How a picture is given: at every step, attended to place by place, or at the first step only. */
const PICTURES = ['none', 'additive', 'first'];

/** The choices that are worded for the reader; names of cells are not. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  cell: CELLS,
  bidirectional: ['0', '1'],
  attention: ATTENTIONS,
  backend: ['auto', 'webgpu', 'cpu', 'reference'],
};

/** Settings of network and training, which the visitor may change. */
export class SettingsForm {
  readonly #form = byId('task-settings', HTMLFormElement);
  readonly #fault = create('div', 'message fault');
  #settings: TaskSettings | undefined;

  /** @param submitted called with the settings to train with */
  constructor(readonly submitted: (settings: TaskSettings) => void) {
    const pair = create('div', 'pair');
    for (const name of SETTING_NAMES) pair.append(fieldOf(name));
    this.#fault.role = 'alert';
    this.#fault.hidden = true;
    const button = create('button', 'primary', words.restart);
    this.#form.append(pair, this.#fault, button);
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#settings) this.submitted(this.#read(this.#settings));
    });
  }

  /** Shows the settings of a run. */
  show(settings: TaskSettings): void {
    this.#settings = settings;
    this.fault(undefined);
    const choices = taskNamed(settings.task)?.kind === 'caption' ? PICTURES : ATTENTIONS;
    this.#control('attention').replaceChildren(...optionsOf('attention', choices));
    for (const name of SETTING_NAMES) this.#control(name).value = String(settings[name]);
    byId('setting-attention-field', HTMLElement).hidden = settings.attention === '';
  }

  /** Shows a fault beside the field that it concerns. @returns its sentence */
  fault(fault: Fault | undefined): string {
    for (const name of SETTING_NAMES) this.#control(name).removeAttribute('aria-invalid');
    const name = SETTING_NAMES.find((one) => fault?.option?.split('.').at(-1) === one);
    if (name !== undefined) {
      this.#control(name).setAttribute('aria-invalid', 'true');
      byId('settings-details', HTMLDetailsElement).open = true;
    }
    const sentence =
      fault === undefined
        ? ''
        : name === undefined
          ? fault.message
          : labelledSentence(words.fields[name]?.[0] ?? name, fault);
    say(this.#fault, sentence);
    return sentence;
  }

  #read(before: TaskSettings): TaskSettings {
    const read = SETTING_NAMES.map((name): readonly [string, Entry] => [
      name,
      entryOf(name, this.#control(name).value),
    ]);
    const { attention } = before;
    return { ...before, ...Object.fromEntries(read), ...(attention === '' ? { attention } : {}) };
  }

  #control(name: string): HTMLInputElement | HTMLSelectElement {
    const found = document.getElementById(`setting-${name}`);
    if (found instanceof HTMLInputElement || found instanceof HTMLSelectElement) return found;
    throw new Error(`The form has no field "${name}".`);
  }
}

function fieldOf(name: string): HTMLElement {
  const [label, hint] = words.fields[name] ?? [name, ''];
  const field = create('div', 'field');
  field.id = `setting-${name}-field`;
  const title = create('label', '', label);
  title.htmlFor = `setting-${name}`;
  const control = CHOICES[name] ? selectOf(name, CHOICES[name]) : create('input');
  control.id = `setting-${name}`;
  if (control instanceof HTMLInputElement) {
    control.inputMode = 'decimal';
    control.autocomplete = 'off';
  }
  field.append(title, control, create('p', 'hint', hint));
  return field;
}

function selectOf(name: string, choices: readonly string[]): HTMLSelectElement {
  const select = create('select');
  select.append(...optionsOf(name, choices));
  return select;
}

function optionsOf(name: string, choices: readonly string[]): HTMLOptionElement[] {
  return choices.map((value) => new Option(words.choices[name]?.[value] ?? value, value));
}
