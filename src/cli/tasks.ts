import { copyMemory, taskMaterial, type Material } from '../graph.js';
import { UsageError } from './failure.js';
import { refuseUseless } from './useless.js';
import { MADE_UP_TASKS, type RunFlags, type TaskFlags, type TextFlags } from './options.js';

/** A made-up task, as plain data that a checkpoint remembers. */
export interface TaskSource {
  readonly kind: 'task';
  readonly from: 'copy-memory';
  readonly options: { readonly symbols: number; readonly delay: number };
}

/** Every option that is about a text, or that a task decides by itself. */
interface Flags
  extends TaskFlags, TextFlags, Pick<RunFlags, 'prime' | 'sampleEvery' | 'sampleLength' | 'temperature'> {
  readonly validation?: number;
  readonly time?: number;
  readonly sampling?: string;
  readonly carry?: boolean;
  readonly bidirectional?: boolean;
  readonly pyramidal?: boolean;
}

/** Options that a task has no use for, as they are typed. */
const OF_TEXTS = {
  corpus: '--corpus',
  text: '--text',
  ids: '--ids',
  newlines: '--newlines',
  limit: '--limit',
  minCount: '--min-count',
  validation: '--validation',
  time: '--time',
  sampling: '--sampling',
  carry: '--carry',
  prime: '--prime',
  sampleEvery: '--sample-every',
  sampleLength: '--sample-length',
  temperature: '--temperature',
} as const satisfies Partial<Record<keyof Flags, string>>;

/**
 * The task that the options name; undefined for a text.
 * @throws UsageError for options that do not go together
 */
export function taskSource(flags: Flags): TaskSource | undefined {
  refuseUseless(
    flags,
    ['pyramidal'],
    'its layers have fewer outputs than steps, and every symbol is to be predicted. It is for --task classify, ' +
      'regress and translate',
  );
  const made = MADE_UP_TASKS.find((name) => name === flags.task);
  if (made === undefined) {
    if (flags.delay !== undefined || flags.symbols !== undefined)
      throw new UsageError('--delay and --symbols are sizes of --task copy-memory.');
    if (flags.bidirectional)
      throw new UsageError(
        '--bidirectional: a model of text predicts the next character, and its backward direction ' +
          'would have read it already. It is for --task copy-memory.',
      );
    return undefined;
  }
  refuseTextOptions(flags, made);
  const { symbols = 10, delay = 30 } = flags;
  return { kind: 'task', from: made, options: { symbols, delay } };
}

/**
 * Options about texts are a mistake with a task, and not to be ignored in silence. `--sample-every
 * 0` is no sample anyway.
 */
export function refuseTextOptions(flags: Flags, task: string): void {
  const useless = (Object.keys(OF_TEXTS) as (keyof typeof OF_TEXTS)[]).filter(
    (name) => flags[name] !== undefined && !(name === 'sampleEvery' && flags.sampleEvery === 0),
  );
  if (useless.length > 0)
    throw new UsageError(
      `${useless.map((name) => OF_TEXTS[name]).join(', ')}: of no use with the task ${task}, which ` +
        'makes its own windows and scores what was held out.',
    );
}

/** Refuses options of samples where none are written. */
export function refuseSampleOptions(flags: Flags): void {
  if (flags.sampleEvery === 0)
    refuseUseless(
      flags,
      ['prime', 'sampleLength', 'temperature'],
      'of samples, and --sample-every 0 writes none',
    );
}

/** Makes the task. */
export function openTask({ from, options }: TaskSource): Material {
  return taskMaterial(copyMemory(options), `the task ${from}`);
}
