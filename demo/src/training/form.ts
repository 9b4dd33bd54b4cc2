import { byId, create, say } from '../page/dom.js';
import { deviceFault, fieldSentence, labelledSentence } from '../page/fault-words.js';
import { count } from '../page/format.js';
import { entryOf } from '../page/numbers.js';
import type { Entry, Fault } from '../host/messages.js';
import { leastCharacters } from './least-text.js';
import { cellName } from './names.js';
import { optimizerName, presetName, workbench } from './workbench-words.js';
import type { Catalogue, RunFacts, SampleSettings, Settings } from './protocol.js';
import type { TextField } from './text-field.js';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The fields with the settings, and the errors beside them. */
export class Form {
  readonly settingsForm = byId('settings', HTMLFormElement);
  readonly samplingForm = byId('sampling', HTMLFormElement);
  readonly preset = byId('preset', HTMLSelectElement);
  readonly #general = byId('form-error', HTMLElement);

  constructor(
    readonly catalogue: Catalogue,
    readonly text: TextField,
  ) {
    this.preset.replaceChildren(...catalogue.presets.map(({ name }) => new Option(presetName(name), name)));
    byId('cell', HTMLSelectElement).replaceChildren(
      ...catalogue.cells.map((name) => new Option(name === 'rnn' ? 'RNN (tanh)' : cellName(name), name)),
    );
    byId('optimizer', HTMLSelectElement).replaceChildren(
      ...catalogue.optimizers.map((name) => new Option(optimizerName(name), name)),
    );
    byId('schedule', HTMLSelectElement).replaceChildren(
      ...catalogue.schedules.map((name) => new Option(workbench.schedules[name] ?? name, name)),
    );
    this.set('seed', '0');
    this.usePreset(catalogue.presets[0].name);
    this.preset.addEventListener('change', () => this.usePreset(this.preset.value));
    byId('optimizer', HTMLSelectElement).addEventListener('change', () => this.#proposeRate());
    for (const id of ['schedule', 'draw'])
      byId(id, HTMLSelectElement).addEventListener('change', () => this.#showDependent());
    this.settingsForm.addEventListener('change', () => this.#showLeast());
    this.#showLeast();
    for (const form of [this.settingsForm, this.samplingForm]) {
      form.addEventListener('input', (event) => {
        if (event.target instanceof HTMLElement) clearError(event.target);
        say(this.#general, '');
      });
    }
  }

  /** Fills the fields with a recipe. */
  usePreset(name: string): void {
    const preset = this.catalogue.presets.find((one) => one.name === name);
    if (!preset) return;
    this.set('preset', name);
    byId('preset-hint', HTMLElement).textContent =
      `${workbench.abouts[name] ?? preset.about}${workbench.faults.stop}`;
    for (const [id, value] of [...Object.entries(preset.settings), ...Object.entries(preset.sampling)])
      this.set(id, String(value));
    this.#showDependent();
    this.settingsForm.dispatchEvent(new Event('change'));
  }

  /** Shows the settings of a run. */
  useFacts({ used }: RunFacts): void {
    for (const [id, value] of Object.entries(used)) this.set(id, String(value));
    this.#showDependent();
    this.settingsForm.dispatchEvent(new Event('change'));
  }

  /** Fills in the settings of a saved run. */
  fill({ text: choice, ...settings }: Settings, sampling: SampleSettings): void {
    this.usePreset(settings.preset);
    for (const [id, value] of [...Object.entries(settings), ...Object.entries(sampling)])
      this.set(id, String(value));
    this.text.take(choice);
    this.settingsForm.dispatchEvent(new Event('change'));
  }

  set(id: string, value: string): void {
    const field = control(id);
    if (!field) return;
    if (isTick(field)) field.checked = value === '1';
    else field.value = value;
    clearError(field);
    if (id === 'schedule' || id === 'draw') this.#showDependent();
    if (['preset', 'batch', 'time', 'validation'].includes(id)) this.#showLeast();
  }

  settings(): Settings {
    return {
      text: this.text.choice(),
      preset: this.preset.value,
      cell: text('cell'),
      layers: entry('layers'),
      hidden: entry('hidden'),
      dropout: entry('dropout'),
      recurrentDropout: entry('recurrentDropout'),
      time: entry('time'),
      batch: entry('batch'),
      optimizer: text('optimizer'),
      rate: entry('rate'),
      schedule: text('schedule'),
      warmup: entry('warmup'),
      rateDecay: entry('rateDecay'),
      rateDecayAfter: entry('rateDecayAfter'),
      rateFloor: entry('rateFloor'),
      clipNorm: entry('clipNorm'),
      clipValue: entry('clipValue'),
      validation: entry('validation'),
      seed: entry('seed'),
      steps: entry('steps'),
      backend: text('backend'),
      untilLearned: text('untilLearned'),
    };
  }

  sampling(): SampleSettings {
    const [draw, temperature, topK] = [text('draw'), entry('temperature'), entry('topK')];
    return {
      prime: text('prime'),
      draw,
      temperature,
      topK,
      length: entry('length'),
      sampleEvery: entry('sampleEvery'),
    };
  }

  /** Shows a fault beside the field that it concerns, or under the form. */
  showFault(fault: Fault, focus: boolean): void {
    const field = fieldOf(fault);
    if (!field) {
      say(this.#general, this.sentenceOf(fault));
      return;
    }
    field.closest('details')?.setAttribute('open', '');
    clearError(field);
    const error = create('p', 'error', fieldSentence(fault));
    error.id = `${field.id}-error`;
    error.setAttribute('role', 'alert');
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-errormessage', error.id);
    field.after(error);
    if (focus) field.focus();
  }

  /** Words a fault for a place where its field cannot be seen. */
  sentenceOf(fault: Fault): string {
    const label = fieldOf(fault)?.labels?.[0]?.textContent ?? fault.option ?? '';
    return labelledSentence(label, { ...fault, message: deviceFault(fault) });
  }

  clearFaults(): void {
    say(this.#general, '');
    for (const field of document.querySelectorAll<HTMLElement>('[aria-invalid]')) clearError(field);
  }

  /** Proposes a rate for another optimizer: the recipe's rate if it is the recipe's optimizer. */
  #proposeRate(): void {
    const optimizer = text('optimizer');
    const recipe = this.catalogue.presets.find(({ name }) => name === this.preset.value)?.settings;
    const rate = recipe?.optimizer === optimizer ? recipe.rate : this.catalogue.rates[optimizer];
    if (rate !== undefined) this.set('rate', String(rate));
  }

  /** Shows how long a text must be, wherever somebody is asked for one. */
  #showLeast(): void {
    const preset = this.catalogue.presets.find(({ name }) => name === this.preset.value);
    const [batch, time, validation] = ['batch', 'time', 'validation'].map(entry);
    const least = leastCharacters({ windows: preset?.windows ?? 'consecutive', batch, time, validation });
    for (const place of document.querySelectorAll('.least'))
      place.textContent = Number.isNaN(least) ? '' : workbench.field.least(count(least));
  }

  /** Shows fields that belong to one choice only with that choice: `data-with="schedule=step"`. */
  #showDependent(): void {
    for (const field of document.querySelectorAll<HTMLElement>('[data-with]')) {
      const [id, value] = (field.dataset.with ?? '').split('=');
      field.hidden = !value.split(' ').includes(text(id));
    }
  }
}

/** Returns the field that a fault concerns, if any. */
function fieldOf({ option }: Fault): Control | undefined {
  return option === undefined ? undefined : control(option);
}

function control(id: string): Control | undefined {
  const field = document.getElementById(id);
  return field instanceof HTMLInputElement ||
    field instanceof HTMLSelectElement ||
    field instanceof HTMLTextAreaElement
    ? field
    : undefined;
}

function clearError(field: HTMLElement): void {
  field.removeAttribute('aria-invalid');
  field.removeAttribute('aria-errormessage');
  document.getElementById(`${field.id}-error`)?.remove();
}

function isTick(field: Control): field is HTMLInputElement {
  return field instanceof HTMLInputElement && field.type === 'checkbox';
}

/** Returns the value of a field; 1 or 0 for a checkbox. */
export function text(id: string): string {
  const field = control(id);
  if (field && isTick(field)) return field.checked ? '1' : '0';
  return field?.value ?? '';
}

/** Returns the number in a field, or its text if it is not a number. */
export function entry(id: string): Entry {
  const field = control(id);
  return field ? entryOf(field) : '';
}
