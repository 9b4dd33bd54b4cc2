import { LANGUAGES } from '../words/language.js';
import { workbench } from '../training/workbench-words.js';

const words = workbench.address;

/** A field of the form that the address may set. */
export interface AddressField {
  readonly name: string;
  /**
   * The accepted values of a choice. Other fields are checked with the form, when training starts.
   */
  readonly choices?: readonly string[];
}

/** Values of fields by name, as in the form and in the address. */
export type FieldValues = Readonly<Record<string, string>>;

/** The options of the page's address. */
export interface AddressOptions {
  readonly autostart: boolean;
  /** Whether the page has controls. Without them it shows only chart, samples and status. */
  readonly controls: boolean;
  /**
   * The only chapter of a page without controls, or the chapter that the page opens at. The default
   * is the first.
   */
  readonly chapter: number | undefined;
  /** Parts of names of the operations that "Check this GPU" is limited to; empty for all. */
  readonly check: readonly string[];
  readonly values: FieldValues;
  /** What could not be used of the address, one sentence each. */
  readonly refused: readonly string[];
}

/** Options of the address that concern the page rather than the training. */
const PAGE_OPTIONS: Readonly<
  Record<'autostart' | 'controls' | 'check' | 'chapter' | 'lang', readonly string[] | undefined>
> = {
  autostart: ['0', '1'],
  controls: ['all', 'none'],
  check: undefined,
  chapter: ['1', '2', '3', '4', '5'],
  lang: Object.keys(LANGUAGES),
};

/**
 * Reads an address such as `?text=chinese&preset=gluon&hidden=64&autostart=0`, which sets fields of
 * the form by their names.
 */
export function readAddress(search: string, fields: readonly AddressField[]): AddressOptions {
  const parameters = new URLSearchParams(search);
  const refused: string[] = [];
  const known = new Map<string, readonly string[] | undefined>([
    ...Object.entries(PAGE_OPTIONS),
    ...fields.map(({ name, choices }) => [name, choices] as const),
  ]);
  const values: Record<string, string> = {};
  for (const name of new Set(parameters.keys())) {
    const value = parameters.get(name) ?? '';
    const choices = known.get(name);
    if (!known.has(name)) refused.push(words.unknown(name, [...known.keys()].join(', ')));
    else if (choices && !choices.includes(value))
      refused.push(words.expected(name, choices.join(', '), value));
    else values[name] = value;
  }
  const { autostart, controls, chapter, lang: _spoken, check = '', ...rest } = values;
  if (autostart === '0' && controls === 'none') refused.push(words.noAutostart);
  const only = check.split(',').filter((name) => name !== '');
  return {
    autostart: autostart !== '0' || controls === 'none',
    controls: controls !== 'none',
    chapter: chapter === undefined ? undefined : Number(chapter),
    check: only,
    values: rest,
    refused,
  };
}

/**
 * Returns the address of a configuration: the values that differ from `defaults`, which are those
 * of the chosen recipe. Options about the page are taken over from `search`. Values that an address
 * cannot hold, such as the choice of a pasted text, are left out.
 */
export function writeAddress(
  search: string,
  values: FieldValues,
  defaults: FieldValues,
  fields: readonly AddressField[],
): string {
  const before = new URLSearchParams(search);
  const parameters = new URLSearchParams();
  for (const name of Object.keys(PAGE_OPTIONS))
    for (const value of before.getAll(name).slice(0, 1)) parameters.set(name, value);
  for (const { name, choices } of fields) {
    const value = values[name] ?? '';
    if (value !== (defaults[name] ?? '') && (choices?.includes(value) ?? true)) parameters.set(name, value);
  }
  const written = parameters.toString();
  return written === '' ? '' : `?${written}`;
}

/** Returns the options of an address with another value for one of them. */
export function withOption(search: string, name: string, value: string): string {
  const parameters = new URLSearchParams(search);
  parameters.set(name, value);
  return `?${parameters.toString()}`;
}
