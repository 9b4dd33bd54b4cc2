import {
  OptionError,
  readFileBytes,
  readSafetensors,
  ShapeError,
  UnrolledError,
  type Checkpoint,
  type NameMap,
  type StateDict,
} from '../../node.js';
import {
  describeMatch,
  given,
  isCheckpointFormat,
  packMatched,
  TASKS,
  type LearntTask,
  type Model,
  type TaskName,
} from '../../graph.js';
import { KINDS, readAnyCheckpoint } from '../checkpoints.js';
import { UsageError } from '../failure.js';
import type { TrainFlags } from '../options.js';
import { refuseStart, refuseUnused } from '../unused-options.js';
import { taskNotesOf } from './checkpoint-notes.js';

/** The weights that a run over records starts from. */
export interface StartingRecords {
  readonly file: string;
  readonly parameters: StateDict;
  readonly map: NameMap;
  /** Columns and model of a checkpoint, which decide how records are read. */
  readonly learnt: LearntTask | undefined;
}

type Flag = keyof TrainFlags;

/** Options of layers that change the shape or meaning of weights. Dropout has no weights. */
const OF_SHAPE: readonly Flag[] = [
  ...(['cell', 'nonlinearity', 'hidden', 'layers', 'reset', 'bidirectional', 'pyramidal'] as const),
  ...(['embedding', 'learnedState'] as const),
];

/**
 * Reads `--init-from`: a checkpoint of the same task, with its columns and model, or any safetensors
 * file with weights for the model that the options describe.
 * @param typed the user's options, without those of a preset
 * @throws UsageError for a file of another task, and for options that the file decides
 */
export async function readTaskWeights(
  task: TaskName,
  typed: TrainFlags,
): Promise<StartingRecords | undefined> {
  const { initFrom: path, map } = typed;
  if (path === undefined) {
    if (map === undefined) return undefined;
    throw new UsageError('--map needs --init-from FILE, whose names it changes.');
  }
  refuseStart(typed);
  const file = JSON.stringify(path);
  const { tensors, metadata } = readSafetensors(await readFileBytes(path), file);
  if (!isCheckpointFormat(metadata.format))
    return { file, parameters: tensors, map: Object.fromEntries(map ?? []), learnt: undefined };
  if (map !== undefined)
    throw new UsageError(
      `--map: ${file} is a checkpoint of this program, whose names need no map. Leave it out.`,
    );
  const read = await readAnyCheckpoint(path);
  if (read.of === 'text')
    throw new UsageError(
      `--init-from: ${file} is a checkpoint of a model of text, but --task ${task} needs one of the same task.`,
    );
  const { checkpoint } = read;
  const { setup } = taskNotesOf(checkpoint, path);
  if (setup.task !== task)
    throw new UsageError(
      `--init-from: ${file} was trained with --task ${setup.task}, but --task ${task} needs a checkpoint of the same task.`,
    );
  refuseUnused(
    typed,
    [...(TASKS[task].takes as readonly Flag[]), ...OF_SHAPE],
    `decided by the checkpoint ${file}, whose weights fit only its columns and layers`,
  );
  const model = withDropout(checkpoint, typed);
  return { file, parameters: checkpoint.parameters, map: {}, learnt: { setup, model, warnings: [] } };
}

/** The model of a checkpoint, with another dropout where the options set one. */
function withDropout({ model }: Checkpoint, { dropout, recurrentDropout }: TrainFlags): Model {
  const changed = given({ dropout, recurrentDropout });
  const kind = KINDS.find((each) => each.kind === model.kind);
  if (!kind || Object.keys(changed).length === 0) return model;
  return kind.fromConfig({ ...model.config, ...changed });
}

/**
 * The weights under the names of the model.
 * @returns a line about each changed name, for the user
 * @throws UsageError or UnrolledError for weights that do not fit
 */
export function fittingWeights(
  model: Model,
  { file, parameters, map }: StartingRecords,
): { readonly values: StateDict; readonly notes: readonly string[] } {
  const { layout, moduleNames } = model;
  try {
    const { arena, match } = packMatched(
      ...([layout, parameters, moduleNames, { map }] as const),
      (from, to) => `Assign the name with --map ${from}=${to}; --map ${from}= leaves it out.`,
    );
    const note = describeMatch(match);
    return { values: layout.unpack(arena), notes: note === undefined ? [] : [`Weights of ${file}: ${note}`] };
  } catch (error) {
    if (error instanceof OptionError) throw new UsageError(`--${error.message}`, { cause: error });
    if (error instanceof ShapeError)
      throw new UnrolledError(`--init-from ${file}: ${error.message}`, { cause: error });
    throw error;
  }
}
