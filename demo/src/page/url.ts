import { LANGUAGES } from '../words/language.js';
import { workbench } from '../training/workbench-words.js';

const words = workbench.address;

/** A field of the form that the address may set. */
export interface AddressField {
  readonly name: string;
  /**
   * Its accepted values, where it is a choice; other fields are checked with the form, when
   * training starts.
   */
  readonly choices?: readonly string[];
}

/** Values of fields by name, as they stand in the form and in the address. */
export type FieldValues = Readonly<Record<string, string>>;

/** What the page's address asks for. */
export interface AddressOptions {
  readonly autostart: boolean;
  /** Whether the page has controls: without them it shows chart, samples and status alone. */
  readonly controls: boolean;
  /** The only chapter of a page without controls, or where the page begins; none: the first. */
  readonly chapter: number | undefined;
  /** Operations that "Check this GPU" is limited to, by parts of their names; none: all. */
  readonly check: readonly string[];
  readonly values: FieldValues;
  /** What in the address could not be used, a sentence each. */
  readonly refused: readonly string[];
}

/** Options of the address that are about the page, not about the training. */
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
 * Reads `?text=chinese&preset=gluon&hidden=64&autostart=0`: every field of the form by its name.
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
 * The address of a configuration: what differs from `defaults`, which are those of the chosen
 * recipe. Options about the page stay as they are in `search`. Values that no address can have,
 * such as the choice of a pasted text, are left out.
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

/** The options of an address with another value of one of them. */
export function withOption(search: string, name: string, value: string): string {
  const parameters = new URLSearchParams(search);
  parameters.set(name, value);
  return `?${parameters.toString()}`;
}
