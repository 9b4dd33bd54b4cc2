import { byId, create, say } from './dom.js';
import type { Catalogue, Entry, Fault, RunFacts, SampleSettings, Settings } from './protocol.js';
import type { TextField } from './text-field.js';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The fields with settings, and the errors beside them. */
export class Form {
  readonly settingsForm = byId('settings', HTMLFormElement);
  readonly samplingForm = byId('sampling', HTMLFormElement);
  readonly preset = byId('preset', HTMLSelectElement);
  readonly #general = byId('form-error', HTMLElement);

  constructor(
    readonly catalogue: Catalogue,
    readonly text: TextField,
  ) {
    this.preset.replaceChildren(...catalogue.presets.map(({ name }) => new Option(name)));
    byId('optimizer', HTMLSelectElement).replaceChildren(...catalogue.optimizers.map((name) => new Option(name)));
    this.set('seed', '0');
    this.set('sampleEvery', '100');
    this.usePreset(catalogue.presets[0].name);
    this.preset.addEventListener('change', () => this.usePreset(this.preset.value));
    for (const form of [this.settingsForm, this.samplingForm]) {
      form.addEventListener('input', (event) => {
        if (event.target instanceof HTMLElement) clearError(event.target);
      });
    }
  }

  /** Fills the fields with a recipe. */
  usePreset(name: string): void {
    const preset = this.catalogue.presets.find((one) => one.name === name);
    if (!preset) return;
    this.set('preset', name);
    byId('preset-hint', HTMLElement).textContent = `${preset.about}.`;
    for (const id of ['hidden', 'time', 'batch', 'rate', 'optimizer', 'temperature', 'length'] as const) this.set(id, String(preset[id]));
  }

  /** Shows what a run uses. */
  useFacts({ used }: RunFacts): void {
    for (const [id, value] of Object.entries(used)) this.set(id, String(value));
  }

  set(id: string, value: string): void {
    const field = control(id);
    if (!field) return;
    field.value = value;
    clearError(field);
  }

  settings(): Settings {
    return {
      text: this.text.choice(),
      preset: this.preset.value,
      hidden: entry('hidden'),
      time: entry('time'),
      batch: entry('batch'),
      rate: entry('rate'),
      optimizer: text('optimizer'),
      seed: entry('seed'),
      steps: entry('steps'),
      backend: text('backend'),
    };
  }

  sampling(): SampleSettings {
    return { prime: text('prime'), temperature: entry('temperature'), length: entry('length'), sampleEvery: entry('sampleEvery') };
  }

  /** Says what is wrong next to the field that it is about, or under the form. */
  showFault({ message, option }: Fault, focus: boolean): void {
    // `adagrad.rate` is about the field `rate`.
    const field = option === undefined ? undefined : control(option.slice(option.lastIndexOf('.') + 1));
    if (!field) {
      say(this.#general, message);
      return;
    }
    field.closest('details')?.setAttribute('open', '');
    clearError(field);
    const error = create('p', 'error', message);
    error.id = `${field.id}-error`;
    error.setAttribute('role', 'alert');
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-errormessage', error.id);
    field.after(error);
    if (focus) field.focus();
  }

  clearFaults(): void {
    say(this.#general, '');
    for (const field of document.querySelectorAll<HTMLElement>('[aria-invalid]')) clearError(field);
  }
}

function control(id: string): Control | undefined {
  const field = document.getElementById(id);
  return field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement ? field : undefined;
}

function clearError(field: HTMLElement): void {
  field.removeAttribute('aria-invalid');
  field.removeAttribute('aria-errormessage');
  document.getElementById(`${field.id}-error`)?.remove();
}

function text(id: string): string {
  return control(id)?.value ?? '';
}

/** A number where the field holds one, else what it holds. */
export function entry(id: string): Entry {
  const typed = text(id).trim();
  const value = Number(typed);
  return typed === '' || Number.isNaN(value) ? typed : value;
}
