import { getDatasetFiles } from '../../node.js';
import type { TaskPreset } from '../../graph.js';
import { UsageError } from '../failure.js';
import type { TrainFlags } from '../options.js';
import type { RecordsPlace } from './data.js';
import { OFFERED_PRESETS, OWN_OPTIONS } from './offered-presets.js';

/** The recipe that `--preset`, or `--task`, names; undefined for none of records. */
export function taskPresetOf({ preset, task }: Pick<TrainFlags, 'preset' | 'task'>): TaskPreset | undefined {
  const named = OFFERED_PRESETS.find(({ name }) => name === preset);
  if (named && task !== undefined && task !== named.task && task !== named.name)
    throw new UsageError(`--preset ${named.name} is of --task ${named.task}, not of --task ${task}.`);
  // A made-up task of its own has this name, too.
  return named ?? OFFERED_PRESETS.find(({ name }) => name === task && name !== 'copy-memory');
}

/** The options with what the recipe says where they say nothing. */
export function withPreset(
  { name, task, options, layers, train }: TaskPreset,
  flags: TrainFlags,
): TrainFlags {
  const { preset: _, task: __, ...own } = flags;
  const epochs = own.steps === undefined ? { epochs: train.epochs } : {};
  // Recipes name their tokenizers, as options do.
  return {
    ...(options as TrainFlags),
    ...(layers as TrainFlags),
    ...(OWN_OPTIONS[name] as TrainFlags | undefined),
    ...{ ...train, ...epochs },
    ...(Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) as TrainFlags),
    task,
  };
}

/** Where the recipe's own records are: made up, or files that are downloaded first. */
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
