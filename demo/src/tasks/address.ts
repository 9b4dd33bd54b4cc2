import type { Entry } from '../host/messages.js';
import type { TaskSettings } from './protocol.js';

/** Names of the settings that the address and the form have. */
export const SETTING_NAMES = [
  'cell',
  'hidden',
  'layers',
  'bidirectional',
  'attention',
  'batch',
  'rate',
  'seed',
  'backend',
] as const satisfies readonly (keyof TaskSettings)[];

/** The settings that are numbers. */
const NUMBERS: readonly string[] = ['hidden', 'layers', 'batch', 'rate', 'seed'];

/** The options of the page's address. */
export interface TaskAddress {
  /** Undefined means the first of the list. */
  readonly task: string | undefined;
  /** Key of a visitor's records. */
  readonly data: string | undefined;
  readonly autostart: boolean;
  readonly settings: Partial<TaskSettings>;
  /** Options that the page does not know. */
  readonly unknown: readonly string[];
}

const PAGE_OPTIONS = ['task', 'data', 'autostart', 'lang'];

/** Reads an address such as `?task=dates&attention=additive&hidden=64&seed=1`. */
export function readTaskAddress(search: string): TaskAddress {
  const parameters = new URLSearchParams(search);
  const settings: Record<string, Entry> = {};
  for (const name of SETTING_NAMES) {
    const value = parameters.get(name);
    if (value !== null) settings[name] = entryOf(name, value);
  }
  return {
    task: parameters.get('task') ?? undefined,
    data: parameters.get('data') ?? undefined,
    autostart: parameters.get('autostart') !== '0',
    settings,
    unknown: [...new Set(parameters.keys())].filter(
      (name) => !PAGE_OPTIONS.includes(name) && !(SETTING_NAMES as readonly string[]).includes(name),
    ),
  };
}

/**
 * Returns the number that was typed, with a decimal point or comma, or the text if it is not a
 * number.
 */
export function entryOf(name: string, typed: string): Entry {
  const text = typed.trim().replace(',', '.');
  return NUMBERS.includes(name) && text !== '' && Number.isFinite(Number(text)) ? Number(text) : typed;
}

/**
 * Returns the address of a configuration: the task and the settings that differ from its defaults.
 * Options about the page are taken over from `search`.
 */
export function writeTaskAddress(
  search: string,
  settings: TaskSettings,
  defaults: TaskSettings,
  data?: string,
): string {
  const before = new URLSearchParams(search);
  const parameters = new URLSearchParams({ task: settings.task });
  if (data !== undefined) parameters.set('data', data);
  for (const name of SETTING_NAMES)
    if (String(settings[name]) !== String(defaults[name])) parameters.set(name, String(settings[name]));
  for (const name of ['autostart', 'lang']) {
    const value = before.get(name);
    if (value !== null) parameters.set(name, value);
  }
  return `?${parameters.toString()}`;
}

/**
 * Returns the key under which a run is stored: its configuration without options about the page.
 */
export function keyOf(search: string): string {
  const parameters = new URLSearchParams(search);
  for (const name of ['autostart', 'lang']) parameters.delete(name);
  return parameters.toString();
}
