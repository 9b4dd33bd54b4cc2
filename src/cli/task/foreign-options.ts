import { TASK_NAMES, TASKS, type TaskKind, type TaskLayers, type TaskName } from '../../graph.js';
import { UsageError } from '../failure.js';
import type { TrainFlags } from '../options.js';
import { optionName } from '../unused-options.js';
import { taskPresetOf } from './presets.js';

type Flag = keyof TrainFlags;

/** The tasks that each file option belongs to. */
const OF_FILES: Readonly<Partial<Record<Flag, readonly TaskName[]>>> = {
  data: ['classify', 'tag', 'regress', 'translate'],
  pairs: ['translate'],
  features: ['caption'],
  captions: ['caption'],
  tensor: ['caption'],
  idx: ['classify'],
  images: ['classify'],
};

/** Options of layers that only some models have, by their names in the model. */
const OF_LAYERS: Readonly<Partial<Record<Flag, keyof TaskLayers>>> = {
  embedding: 'embedding',
  bidirectional: 'bidirectional',
  pyramidal: 'pyramidal',
  learnedState: 'initialState',
};

/** Options of texts and made-up tasks, which no task of records has. */
const OF_TEXTS: readonly Flag[] = [
  ...([
    'corpus',
    'ids',
    'newlines',
    'limit',
    'delay',
    'symbols',
    'preset',
    'time',
    'sampling',
    'carry',
  ] as const),
  ...(['prime', 'sampleEvery', 'sampleLength', 'temperature'] as const),
];

/** Options that runs over texts have, too: there `--text` names a text. */
const SHARED: readonly Flag[] = ['text', 'minCount'];

/** The options of all tasks of records, each once. */
const OF_TASKS: readonly Flag[] = [...new Set(TASK_NAMES.flatMap((name) => TASKS[name].takes))];

/** The tasks that an option belongs to; absent for an option of all tasks. */
function tasksOf(flag: Flag): readonly TaskName[] | undefined {
  if (flag in OF_FILES) return OF_FILES[flag];
  if (flag === 'stratify') return TASK_NAMES.filter((name) => TASKS[name].stratum({}) !== undefined);
  const layer = OF_LAYERS[flag];
  if (layer !== undefined) return TASK_NAMES.filter((name) => !TASKS[name].without.includes(layer));
  if (!OF_TASKS.includes(flag)) return undefined;
  return TASK_NAMES.filter((name) => (TASKS[name].takes as readonly Flag[]).includes(flag));
}

/** The task of records that the options name; absent for a text or a made-up task. */
export function recordsTask(flags: Pick<TrainFlags, 'task' | 'preset'>): TaskName | undefined {
  return taskPresetOf(flags)?.task ?? TASK_NAMES.find((name) => name === flags.task);
}

/** Refuses options of other tasks, because ignoring them would hide a mistake. */
export function refuseForeign(task: TaskName, flags: Partial<TrainFlags>): void {
  const given = (Object.keys(flags) as Flag[]).filter((name) => flags[name] !== undefined);
  const ofTexts = given.filter((name) => OF_TEXTS.includes(name));
  if (ofTexts.length > 0)
    throw new UsageError(
      `${ofTexts.map(optionName).join(', ')}: only used for texts, not with --task ${task}. Leave it out.`,
    );
  for (const name of given) {
    const tasks = tasksOf(name);
    if (tasks && !tasks.includes(task))
      throw new UsageError(
        `${optionName(name)} applies only to --task ${tasks.join(', ')}, not to --task ${task}: leave it out.`,
      );
  }
}

/**
 * Refuses options of reading and columns, which a checkpoint decides.
 * @param path of the checkpoint
 */
export function refuseDecided(path: string, flags: Partial<TrainFlags>): void {
  const given = SHARED.filter((name) => flags[name] !== undefined);
  if (given.length > 0)
    throw new UsageError(
      `${given.map(optionName).join(', ')}: ${JSON.stringify(path)} was trained on columns and symbols that cannot ` +
        'change. Leave the option out.',
    );
}

/** Refuses a beam search for a model that writes no texts. */
export function checkBeam(beam: number | undefined, { name, writes }: TaskKind): void {
  if (beam !== undefined && !writes)
    throw new UsageError(
      `--beam applies only to tasks that write texts, but this model was trained with --task ${name}: leave it out.`,
    );
}

/** Refuses options of records for a text or a made-up task. */
export function refuseRecordOptions(flags: Partial<TrainFlags>): void {
  const ofRecords: readonly Flag[] = [
    ...(Object.keys(OF_FILES) as Flag[]),
    ...OF_TASKS.filter((name) => !SHARED.includes(name)),
    ...(['stratify', 'rows', 'format', 'columns', 'separator'] as const),
  ];
  const useless = ofRecords.filter((name) => flags[name] !== undefined);
  if (flags.header === false) useless.push('header');
  if (useless.length === 0) return;
  const tasks = new Set(useless.flatMap((name) => tasksOf(name) ?? TASK_NAMES));
  throw new UsageError(
    `${useless.map(optionName).join(', ')}: only used for records. Leave it out, or add --task ` +
      `${TASK_NAMES.filter((name) => tasks.has(name)).join('|')}.`,
  );
}
