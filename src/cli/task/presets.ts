import { getDatasetFiles } from '../../node.js';
import { given, TASK_PRESETS, type TaskPreset } from '../../graph.js';
import { UsageError } from '../failure.js';
import type { TrainFlags } from '../options.js';
import type { RecordsPlace } from './record-place.js';

/** The preset of records that `--preset` or `--task` names; absent for others. */
export function taskPresetOf({ preset, task }: Pick<TrainFlags, 'preset' | 'task'>): TaskPreset | undefined {
  const named = TASK_PRESETS.find(({ name }) => name === preset);
  if (named && task !== undefined && task !== named.task && task !== named.name)
    throw new UsageError(
      `--preset ${named.name} is for --task ${named.task}, not for --task ${task}: leave one of them out.`,
    );
  // A made-up task has this name, too.
  return named ?? TASK_PRESETS.find(({ name }) => name === task && name !== 'copy-memory');
}

/** The options, with the preset's values where options are absent. */
export function withPreset(
  { task, options, layers, init, train }: TaskPreset,
  flags: TrainFlags,
): TrainFlags {
  const { preset: _, task: __, ...own } = flags;
  // With --steps, the preset's epochs do not end the run earlier.
  const { epochs, ...training } = train;
  const length = own.steps === undefined ? { epochs } : {};
  // The preset's options of its cell do not apply to another cell, nor its initializer to given weights.
  const sameCell = own.cell === undefined || own.cell === layers.cell;
  const { nonlinearity, reset, ...anyCell } = layers;
  const ofCell = sameCell ? given({ nonlinearity, reset }) : {};
  const starts = sameCell && own.initFrom === undefined && own.initStd === undefined;
  // Presets name their tokenizers like options do.
  return {
    ...(options as TrainFlags),
    ...(anyCell as TrainFlags),
    ...ofCell,
    ...(starts && init ? { init } : {}),
    ...training,
    ...length,
    ...(Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) as TrainFlags),
    task,
  };
}

/** The location of the preset's own records: made up, or files that are downloaded first. */
export async function placeOfPreset(
  { task, data }: TaskPreset,
  { seed = 0, rows: wanted }: TrainFlags,
): Promise<RecordsPlace> {
  if ('made' in data) {
    const { made: name, rows, options = {} } = data;
    return { files: {}, reading: {}, made: { name, rows: wanted ?? rows, seed, options } };
  }
  const all = await getDatasetFiles(data.get);
  const training = all.filter((path) => /train[^/\\]*$/.test(path));
  const paths = training.length > 0 ? training : all;
  const ending = (end: string): string | undefined => paths.find((path) => path.endsWith(end));
  const idx = (part: string): string | undefined =>
    paths.find((path) => path.includes(part) && path.includes('idx'));
  const [images, labels] = [idx('images'), idx('labels')];
  const files = {
    ...(task === 'translate' ? { pairs: ending('.tsv') ?? paths[0] } : {}),
    ...(task === 'classify' && images !== undefined && labels !== undefined ? { images, labels } : {}),
    ...(task === 'classify' && images === undefined ? { data: ending('.csv') ?? paths[0] } : {}),
    ...(task === 'caption' ? { features: ending('.safetensors'), captions: ending('.tsv') } : {}),
  };
  return {
    files: Object.fromEntries(Object.entries(files).filter(([, path]) => path !== undefined)),
    reading: {},
  };
}
