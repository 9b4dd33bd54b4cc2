import { Fields } from '../page/fields.js';
import type { Form } from './form.js';
import type { TextField } from './text-field.js';
import { readAddress, writeAddress, type AddressOptions, type FieldValues } from '../page/url.js';

/**
 * The page's address: it fills in the form, and then follows the training, so that a copied address
 * gives the same configuration.
 */
export class Address {
  readonly asked: AddressOptions;
  readonly #fields: Fields;
  /** What the form holds when nobody but a recipe, by its name, has filled it in. */
  readonly #defaults: ReadonlyMap<string, FieldValues>;

  constructor(
    readonly form: Form,
    text: TextField,
  ) {
    this.#fields = new Fields(form.settingsForm, form.samplingForm);
    const recipes = form.catalogue.presets.map(({ name }) => name);
    const [first] = recipes;
    this.#defaults = new Map(
      recipes.map((name) => {
        form.usePreset(name);
        return [name, { ...this.#fields.values, preset: first }];
      }),
    );
    form.usePreset(first);
    this.asked = readAddress(location.search, this.#fields.list);
    const { preset, text: chosen, ...values } = this.asked.values;
    if (preset !== undefined) form.usePreset(preset);
    if (chosen !== undefined) text.use(chosen);
    for (const [name, value] of Object.entries(values)) form.set(name, value);
    document.documentElement.dataset.controls = this.asked.controls ? 'all' : 'none';
  }

  /** Makes the address that of the form as it stands. */
  write(): void {
    const written = writeAddress(
      location.search,
      this.#fields.values,
      this.#defaults.get(this.form.preset.value) ?? {},
      this.#fields.list,
    );
    history.replaceState(history.state, '', location.pathname + written + location.hash);
  }
}
