import { readFile } from 'node:fs/promises';
import { fileError } from '../../node.js';
import type { GivenSpec, Value } from '../../sweep/index.js';
import { UsageError } from '../failure.js';
import { optionsOf } from './typed-options.js';

/** The options of `sweep` that define its trials. */
export interface SpecFlags {
  readonly grid?: readonly string[];
  readonly range?: readonly string[];
  readonly order?: string;
  readonly orderSeed?: number;
  readonly points?: number;
  readonly seeds?: number;
  readonly objective?: string;
  readonly toLoss?: number;
  readonly stop?: string;
  readonly stopFirst?: number;
  readonly stopTrials?: number;
  readonly stopFactor?: number;
  readonly maxTrials?: number;
  readonly maxSteps?: number;
  readonly maxHours?: number;
}

/**
 * Reads the definition of a sweep from a file and from the options, which take precedence.
 * @param operands the file, if there is one, and the options of `train` after `--`
 * @throws UsageError for a file or an option of another form; FileError
 */
export async function givenSpec(operands: readonly string[], flags: SpecFlags): Promise<GivenSpec> {
  const named = operands.length > 0 && !operands[0].startsWith('-');
  const file = named ? await readSpecFile(operands[0]) : {};
  const train = optionsOf(operands.slice(named ? 1 : 0));
  const parameters: Record<string, unknown> = Object.fromEntries<unknown>([
    ...(flags.grid ?? []).map(listOf),
    ...(flags.range ?? []).map(rangeOf),
  ]);
  const stop = defined({
    rule: flags.stop,
    first: flags.stopFirst,
    trials: flags.stopTrials,
    factor: flags.stopFactor,
  });
  const budget = defined({ trials: flags.maxTrials, steps: flags.maxSteps, hours: flags.maxHours });
  return {
    ...file,
    ...joined(file, 'train', train),
    ...joined(file, 'parameters', parameters),
    ...joined(file, 'stop', stop),
    ...joined(file, 'budget', budget),
    ...defined({
      order: flags.order,
      'order-seed': flags.orderSeed,
      points: flags.points,
      seeds: flags.seeds,
      objective: flags.objective,
      'to-loss': flags.toLoss,
    }),
  };
}

/** Replaces entries of one part of a file by options. */
function joined(file: GivenSpec, key: string, given: Readonly<Record<string, unknown>>): GivenSpec {
  if (Object.keys(given).length === 0) return {};
  const part = file[key];
  return { [key]: { ...(typeof part === 'object' ? part : {}), ...given } };
}

function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Reads a file of YAML or JSON. JSON is valid YAML. */
async function readSpecFile(path: string): Promise<GivenSpec> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError('read', path, error);
  });
  const { parse, YAMLError } = await import('yaml');
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    if (!(error instanceof YAMLError)) throw error;
    throw new UsageError(
      `${JSON.stringify(path)} must be YAML or JSON, but cannot be parsed: ${error.message.split('\n')[0]}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(
      `${JSON.stringify(path)} must contain a sweep with "parameters", but contains no object: see docs/sweeps.md.`,
    );
  return value as GivenSpec;
}

/** Parses `NAME=VALUE,VALUE`. */
function listOf(text: string): [string, readonly Value[]] {
  const [name, values] = split(text, '--grid', 'NAME=VALUE,VALUE');
  return [name, values === '' ? [] : values.split(',').map((value) => valueOf(value.trim()))];
}

/** Parses `NAME=FROM:TO`, followed by `log`, `whole` and a number of points in any order. */
function rangeOf(text: string): [string, Readonly<Record<string, unknown>>] {
  const form = 'NAME=FROM:TO[:log][:whole][:POINTS]';
  const [name, values] = split(text, '--range', form);
  const [from, to, ...rest] = values.split(':');
  const range: Record<string, unknown> = { from: valueOf(from), to: valueOf(to ?? '') };
  for (const word of rest) {
    if (word === 'log') range.scale = 'log';
    else if (word === 'whole') range.whole = true;
    else if (/^\d+$/.test(word)) range.points = Number(word);
    else throw new UsageError(`--range ${text}: expected ${form}, got "${word}".`);
  }
  return [name, range];
}

function split(text: string, option: string, form: string): readonly [name: string, values: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`${option} ${text}: expected ${form}.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Parses a number, true or false; any other text stays a text, as in YAML. */
function valueOf(text: string): Value {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && !/^0x/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}
