import type { Entry } from '../host/messages.js';
import type { TaskSettings } from './protocol.js';

/** Settings of the address by name; each stands in the form, too. */
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

/** Those that are numbers. */
const NUMBERS: readonly string[] = ['hidden', 'layers', 'batch', 'rate', 'seed'];

/** What the address asks for. */
export interface TaskAddress {
  /** Undefined: the first of the list. */
  readonly task: string | undefined;
  /** Of a visitor's records: which. */
  readonly data: string | undefined;
  readonly autostart: boolean;
  readonly settings: Partial<TaskSettings>;
  /** Options that the page does not know. */
  readonly unknown: readonly string[];
}

const PAGE_OPTIONS = ['task', 'data', 'autostart', 'lang'];

/** Reads `?task=dates&attention=additive&hidden=64&seed=1`. */
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
    settings: settings as Partial<TaskSettings>,
    unknown: [...new Set(parameters.keys())].filter(
      (name) => !PAGE_OPTIONS.includes(name) && !(SETTING_NAMES as readonly string[]).includes(name),
    ),
  };
}

/** What was typed: a number where it is one, with a point or a comma. */
export function entryOf(name: string, typed: string): Entry {
  const text = typed.trim().replace(',', '.');
  return NUMBERS.includes(name) && text !== '' && Number.isFinite(Number(text)) ? Number(text) : typed;
}

/**
 * The address of a configuration: the task, and what differs from its defaults. Options about the
 * page stay as they are in `search`.
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

/** The name by which a run is kept: its configuration, without what is about the page. */
export function keyOf(search: string): string {
  const parameters = new URLSearchParams(search);
  for (const name of ['autostart', 'lang']) parameters.delete(name);
  return parameters.toString();
}
