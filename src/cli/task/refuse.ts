import { TASK_NAMES, type TaskName } from '../../graph.js';
import { UsageError } from '../failure.js';
import type { TrainFlags } from '../options.js';

/** The tasks of records that an option is of; an option that is not here is of all of them. */
const TASKS_OF: Readonly<Partial<Record<keyof TrainFlags, readonly TaskName[]>>> = {
  data: ['classify', 'tag', 'regress', 'translate'],
  pairs: ['translate'],
  features: ['caption'],
  captions: ['caption'],
  tensor: ['caption'],
  idx: ['classify'],
  text: ['classify'],
  label: ['classify'],
  stratify: ['classify'],
  as: ['classify'],
  filters: ['classify'],
  pooling: ['classify', 'regress'],
  tokens: ['classify', 'tag', 'translate', 'caption'],
  lowercase: ['classify', 'tag', 'translate', 'caption'],
  minCount: ['classify', 'tag', 'translate', 'caption'],
  embedding: ['classify', 'tag', 'translate', 'caption'],
  sourceTokens: ['translate'],
  targetTokens: ['translate'],
  attention: ['translate'],
  summary: ['translate'],
  context: ['translate'],
  inject: ['caption'],
  inputs: ['regress'],
  target: ['regress'],
  window: ['regress'],
  horizon: ['regress'],
  bidirectional: ['classify', 'tag', 'regress', 'translate'],
  learnedState: ['classify', 'tag', 'regress', 'translate'],
};

/** Options of texts and of made-up tasks, which no task of records has. */
const OF_TEXTS: readonly (keyof TrainFlags)[] = [
  ...(['corpus', 'ids', 'newlines', 'limit', 'delay', 'symbols', 'preset', 'time', 'sampling'] as const),
  ...(['prime', 'sampleEvery', 'sampleLength', 'temperature', 'initFrom', 'map'] as const),
  ...(['init', 'initStd', 'forgetBias', 'embeddingStd'] as const),
];

/** Options that only tasks of records have. */
const OF_RECORDS: readonly (keyof TrainFlags)[] = [
  ...(['data', 'pairs', 'features', 'captions', 'tensor', 'idx', 'format', 'columns', 'separator'] as const),
  ...(['label', 'stratify', 'as', 'filters', 'pooling', 'tokens', 'lowercase', 'sourceTokens'] as const),
  ...(['targetTokens', 'attention', 'summary', 'context', 'inject', 'inputs', 'target', 'window'] as const),
  'horizon',
];

/** The task of records that the options name; undefined for a text or a made-up task. */
export function recordsTask({ task }: Pick<TrainFlags, 'task'>): TaskName | undefined {
  return TASK_NAMES.find((name) => name === task);
}

/** Refuses options of other tasks: they are a mistake, and not to be ignored in silence. */
export function refuseForeign(task: TaskName, flags: Partial<TrainFlags>): void {
  const given = Object.keys(flags) as (keyof TrainFlags)[];
  const ofTexts = given.filter((name) => flags[name] !== undefined && OF_TEXTS.includes(name));
  if (ofTexts.length > 0)
    throw new UsageError(
      `${ofTexts.map(optionName).join(', ')}: of texts, and of no use with --task ${task}.`,
    );
  for (const name of given) {
    const tasks = flags[name] === undefined ? undefined : TASKS_OF[name];
    if (tasks && !tasks.includes(task))
      throw new UsageError(
        `${optionName(name)} belongs to --task ${tasks.join(', ')}, not to --task ${task}.`,
      );
  }
}

/** Refuses options of records where a text or a made-up task is learnt. */
export function refuseRecordOptions(flags: Partial<TrainFlags>): void {
  const useless = OF_RECORDS.filter((name) => flags[name] !== undefined);
  if (flags.header === false) useless.push('header');
  if (useless.length === 0) return;
  const tasks = [...new Set(useless.flatMap((name) => TASKS_OF[name] ?? TASK_NAMES))];
  throw new UsageError(
    `${useless.map(optionName).join(', ')}: of records, and of no use without --task ${tasks.join('|')}.`,
  );
}

/** An option as it is typed. */
export function optionName(name: string): string {
  if (name === 'header') return '--no-header';
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
