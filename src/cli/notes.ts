import { isAbsolute } from 'node:path';
import type { Checkpoint } from '../node.js';
import { BACKENDS, TEXT_NAMES, type BackendName } from './options.js';
import type { Remembered, RunPlan } from './run-plan.js';
import type { TaskSource } from './tasks.js';
import type { TextSource } from './texts.js';

/**
 * What a checkpoint remembers beside the training itself, as far as it says. The command notes
 * everything, the training page the text and how it was read, and a program what it likes: whatever
 * is not of the expected form counts as not said.
 */
export interface Notes extends Partial<
  Pick<Remembered, 'text' | 'fingerprint' | 'validation' | 'plan' | 'backend' | 'adapter'>
> {
  readonly validationLosses: readonly number[];
  /** How the text was read; also of a text that this machine would not find. */
  readonly options: TextSource['options'];
  /**
   * What a text is called that only the training page knows: a file without its folder, or a pasted
   * one.
   */
  readonly elsewhere?: string;
}

/** Reads the notes of a checkpoint. */
export function notesOf({ extra }: Checkpoint): Notes {
  const { text: from, fingerprint, validation, validationLosses, plan, backend, adapter } = record(extra.run);
  const options = optionsOf(record(from).options);
  const text = taskOf(record(from)) ?? textOf(record(from), options);
  const elsewhere = text ? undefined : record(from).from;
  const { characters, crc32 } = record(fingerprint);
  return {
    options,
    ...(text ? { text } : {}),
    ...(typeof elsewhere === 'string' ? { elsewhere } : {}),
    ...(typeof characters === 'number' && typeof crc32 === 'number'
      ? { fingerprint: { characters, crc32 } }
      : {}),
    ...(typeof validation === 'number' && validation >= 0 && validation < 1 ? { validation } : {}),
    ...(isPlan(plan) ? { plan: { ...plan, gradientFlow: record(plan).gradientFlow === true } } : {}),
    ...(isBackend(backend) ? { backend } : {}),
    ...(typeof adapter === 'string' ? { adapter } : {}),
    validationLosses:
      Array.isArray(validationLosses) && validationLosses.every((loss) => typeof loss === 'number')
        ? validationLosses
        : [],
  };
}

function isBackend(value: unknown): value is Exclude<BackendName, 'auto'> {
  return value !== 'auto' && BACKENDS.some((name) => name === value);
}

function taskOf({ kind, from, options }: Readonly<Record<string, unknown>>): TaskSource | undefined {
  const { symbols, delay } = record(options);
  if (kind !== 'task' || from !== 'copy-memory' || typeof symbols !== 'number' || typeof delay !== 'number')
    return undefined;
  return { kind, from, options: { symbols, delay } };
}

/**
 * A text that can be opened here. The page does not learn the folder of a file, and nobody can open
 * a pasted text again.
 */
function textOf(
  { kind, from }: Readonly<Record<string, unknown>>,
  options: TextSource['options'],
): TextSource | undefined {
  if (typeof from !== 'string') return undefined;
  if ((kind === 'file' || kind === 'ids') && isAbsolute(from)) return { kind, from, options };
  if ((kind === 'bundled' || kind === 'synthetic') && TEXT_NAMES.includes(from))
    return { kind, from, options };
  return undefined;
}

function optionsOf(value: unknown): TextSource['options'] {
  const { newlines, limit, minCount } = record(value);
  return {
    ...(newlines === 'keep' || newlines === 'space' ? { newlines } : {}),
    ...(typeof limit === 'number' ? { limit } : {}),
    ...(typeof minCount === 'number' ? { minCount } : {}),
  };
}

const PLAN_NUMBERS = [
  'steps',
  'logEvery',
  'sampleEvery',
  'sampleLength',
  'temperature',
  'checkpointEvery',
  'evalEvery',
  'patience',
] as const satisfies readonly (keyof RunPlan)[];

function isPlan(value: unknown): value is RunPlan {
  const plan = record(value);
  return (
    PLAN_NUMBERS.every((name) => typeof plan[name] === 'number') &&
    Array.isArray(plan.primes) &&
    plan.primes.every((prime) => typeof prime === 'string')
  );
}

/** A value as an object with unknown entries: files come from anywhere. */
function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
