import { Fields } from '../page/fields.js';
import type { Form } from './form.js';
import type { TextField } from './text-field.js';
import { readAddress, writeAddress, type AddressOptions, type FieldValues } from '../page/url.js';

/**
 * The page's address fills in the form and then follows it, so that a copied address gives the same
 * configuration.
 */
export class Address {
  readonly asked: AddressOptions;
  readonly #fields: Fields;
  /** The values of the form for each recipe, before the visitor changes anything. */
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

  /** Writes the values of the form into the address. */
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
