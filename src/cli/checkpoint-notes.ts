import { basename } from 'node:path';
import type { Checkpoint } from '../node.js';
import { SAMPLINGS } from '../graph.js';
import { DEFAULT_LIMIT } from './divergence.js';
import { BACKENDS, TEXT_NAMES, type BackendName } from './options.js';
import type { StoredRun, RunPlan } from './run-plan.js';
import type { TaskSource } from './made-up-task.js';
import { firstThere, placesOfText } from './text-places.js';
import type { TextSource } from './text-source.js';

/**
 * Data that a checkpoint stores beside the training state. The command stores everything, the
 * training page stores the text and how it was read, and a program stores what it likes. An entry of
 * an unexpected form is treated as absent.
 */
export interface Notes extends Partial<
  Pick<StoredRun, 'fingerprint' | 'validation' | 'plan' | 'backend' | 'adapter' | 'name'>
> {
  /** A text that can be opened here. */
  readonly text?: TextSource;
  /** A made-up task of the command. */
  readonly task?: TaskSource;
  readonly validationLosses: readonly number[];
  /** How the text was read; also for a text that does not exist on this machine. */
  readonly options: TextSource['options'];
  /** A text that cannot be opened here: a missing file, or one pasted into the page. */
  readonly missing?: MissingText;
  /** Name of a program's own task, which only that program can make. */
  readonly ownTask?: string;
}

/** A text that a checkpoint names but that was not found. */
export interface MissingText {
  readonly name: string;
  /** Paths where it was looked for; empty for a pasted text. */
  readonly places: readonly string[];
}

/** Data that all runs store. */
export interface CommonNotes extends Partial<Pick<StoredRun, 'plan' | 'backend' | 'adapter' | 'name'>> {
  readonly validationLosses: readonly number[];
}

/** Data that all runs store, from a checkpoint's JSON. */
export function commonNotes({
  plan,
  backend,
  adapter,
  name,
  validationLosses,
}: Readonly<Record<string, unknown>>): CommonNotes {
  return {
    ...(isPlan(plan) ? { plan: completePlan(plan) } : {}),
    ...(isBackend(backend) ? { backend } : {}),
    ...(typeof adapter === 'string' ? { adapter } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    validationLosses: lossesOf(validationLosses),
  };
}

/** Reads a checkpoint's data and looks for its text. @param path of the checkpoint */
export async function notesOf(checkpoint: Checkpoint, path: string): Promise<Notes> {
  const { run } = checkpoint.extra;
  const { text: noted, fingerprint, validation, name, path: formerPath } = record(run);
  const options = optionsOf(record(noted).options);
  const places = await placesOf(record(noted), path);
  const task = taskOf(record(noted));
  const text = textOf(record(noted), options, places);
  const called = record(noted).from;
  const { characters, crc32 } = record(fingerprint);
  return {
    options,
    ...(text ? { text } : {}),
    ...(task ? { task } : {}),
    ...(!text && !task && typeof called === 'string' ? { missing: { name: called, places } } : {}),
    ...(!text && !task && typeof called !== 'string' ? ownTaskOf(checkpoint) : {}),
    ...(typeof name !== 'string' && typeof formerPath === 'string' ? { name: basename(formerPath) } : {}),
    ...(typeof characters === 'number' && typeof crc32 === 'number'
      ? { fingerprint: { characters, crc32 } }
      : {}),
    ...(typeof validation === 'number' && validation >= 0 && validation < 1 ? { validation } : {}),
    ...commonNotes(record(run)),
  };
}

function isBackend(value: unknown): value is Exclude<BackendName, 'auto'> {
  return value !== 'auto' && BACKENDS.some((name) => name === value);
}

/** JSON stores null for a loss that is not a number. */
function lossesOf(value: unknown): number[] {
  const losses: unknown[] = Array.isArray(value) ? value.map((loss: unknown) => loss ?? NaN) : [];
  return losses.every((loss) => typeof loss === 'number') ? losses : [];
}

/** The name of a program's own windows. Windows of a text have known names. */
function ownTaskOf({ progress }: Checkpoint): Pick<Notes, 'ownTask'> {
  const order = progress.loader?.order;
  return order === undefined || (SAMPLINGS as readonly string[]).includes(order) ? {} : { ownTask: order };
}

function taskOf({ kind, from, options }: Readonly<Record<string, unknown>>): TaskSource | undefined {
  const { symbols, delay } = record(options);
  if (kind !== 'task' || from !== 'copy-memory' || typeof symbols !== 'number' || typeof delay !== 'number')
    return undefined;
  return { kind, from, options: { symbols, delay } };
}

/** Paths where a file may be that a checkpoint names. The page stores the name without the folder. */
async function placesOf(
  { kind, from, absolute }: Readonly<Record<string, unknown>>,
  path: string,
): Promise<readonly string[]> {
  if (typeof from !== 'string' || (kind !== 'file' && kind !== 'ids')) return [];
  return placesOfText(path, from, typeof absolute === 'string' ? absolute : undefined);
}

/** A text that can be opened here. A pasted text cannot be opened again. */
function textOf(
  { kind, from }: Readonly<Record<string, unknown>>,
  options: TextSource['options'],
  places: readonly string[],
): TextSource | undefined {
  if (typeof from !== 'string') return undefined;
  const found = firstThere(places);
  if ((kind === 'file' || kind === 'ids') && found !== undefined) return { kind, from: found, options };
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

/** Adds defaults for entries that older checkpoints lack. */
function completePlan(plan: RunPlan): RunPlan {
  const { gradientFlow, maxSkipped } = record(plan);
  return {
    ...plan,
    gradientFlow: gradientFlow === true,
    maxSkipped: typeof maxSkipped === 'number' ? maxSkipped : DEFAULT_LIMIT,
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

/** A value as an object with unknown entries. Any other value becomes an empty object. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
