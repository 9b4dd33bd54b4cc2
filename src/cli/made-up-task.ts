import { copyMemory, taskTrainingData, type TrainingData } from '../graph.js';
import { UsageError } from './failure.js';
import { refuseUnused } from './unused-options.js';
import { MADE_UP_TASKS, type RunFlags, type TaskFlags, type TextFlags } from './options.js';

/** A made-up task, as plain data in the checkpoint. */
export interface TaskSource {
  readonly kind: 'task';
  readonly from: 'copy-memory';
  readonly options: { readonly symbols: number; readonly delay: number };
}

/** Every option of texts, and every option that a made-up task sets itself. */
interface Flags
  extends TaskFlags, TextFlags, Pick<RunFlags, 'prime' | 'sampleEvery' | 'sampleLength' | 'temperature'> {
  readonly validation?: number;
  readonly time?: number;
  readonly sampling?: string;
  readonly carry?: boolean;
  readonly bidirectional?: boolean;
  readonly pyramidal?: boolean;
}

/** Options that a made-up task does not use, as they are typed. */
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
 * The made-up task that the options name; absent for a text.
 * @throws UsageError for options that exclude each other
 */
export function taskSource(flags: Flags): TaskSource | undefined {
  refuseUnused(
    flags,
    ['pyramidal'],
    'its layers have fewer outputs than steps, but this model must predict every symbol. It applies to --task ' +
      'classify, regress and translate',
  );
  const made = MADE_UP_TASKS.find((name) => name === flags.task);
  if (made === undefined) {
    if (flags.delay !== undefined || flags.symbols !== undefined)
      throw new UsageError(
        '--delay and --symbols apply only to --task copy-memory: add it, or leave them out.',
      );
    if (flags.bidirectional)
      throw new UsageError(
        '--bidirectional: a model of text predicts the next character, which its backward direction ' +
          'would already have read. Leave it out, or use it with a task.',
      );
    return undefined;
  }
  refuseTextOptions(flags, made);
  const { symbols = 10, delay = 30 } = flags;
  return { kind: 'task', from: made, options: { symbols, delay } };
}

/**
 * Refuses options of texts for a made-up task, because ignoring them would hide a mistake.
 * `--sample-every 0` is allowed: it asks for no sample.
 */
export function refuseTextOptions(flags: Flags, task: string): void {
  const useless = (Object.keys(OF_TEXTS) as (keyof typeof OF_TEXTS)[]).filter(
    (name) => flags[name] !== undefined && !(name === 'sampleEvery' && flags.sampleEvery === 0),
  );
  if (useless.length > 0)
    throw new UsageError(
      `${useless.map((name) => OF_TEXTS[name]).join(', ')}: not used by the task ${task}, which makes its ` +
        'own windows and evaluations. Leave it out.',
    );
}

/** Refuses options of samples where none are written. */
export function refuseSampleOptions(flags: Flags): void {
  if (flags.sampleEvery === 0)
    refuseUnused(
      flags,
      ['prime', 'sampleLength', 'temperature'],
      'not used, because --sample-every 0 writes no samples',
    );
}

/** Makes the task. */
export function openTask({ from, options }: TaskSource): TrainingData {
  return taskTrainingData(copyMemory(options), `the task ${from}`);
}
