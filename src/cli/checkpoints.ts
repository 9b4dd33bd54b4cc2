import { readCheckpointFile, type Checkpoint } from '../node.js';
import {
  CharModel,
  languageModelKind,
  MODEL_KINDS,
  TASK_KINDS,
  type Model,
  type ModelKind,
} from '../graph.js';
import { UsageError } from './failure.js';

/** The kinds of models that the command can use. */
export const KINDS: readonly ModelKind[] = [...MODEL_KINDS, ...TASK_KINDS];

/** A checkpoint of a text or a made-up task, or of records. */
export type AnyCheckpoint =
  | { readonly of: 'text'; readonly checkpoint: Checkpoint<CharModel> }
  | { readonly of: 'records'; readonly checkpoint: Checkpoint };

/** @throws FileError, FileFormatError, and UsageError for a kind of model that the command cannot use */
export async function readAnyCheckpoint(path: string): Promise<AnyCheckpoint> {
  const checkpoint = await readCheckpointFile<Model>(path, KINDS);
  if (checkpoint.model instanceof CharModel)
    return { of: 'text', checkpoint: checkpoint as Checkpoint<CharModel> };
  if (checkpoint.model.kind === languageModelKind.kind)
    throw new UsageError(
      `${JSON.stringify(path)} is a checkpoint of a ${checkpoint.model.kind}, which this command cannot use: ` +
        'load it in a program, with loadCheckpoint.',
    );
  return { of: 'records', checkpoint };
}

/** Reads a checkpoint of a text. @throws UsageError for one of records, with the right verb for it */
export async function readTextCheckpoint(path: string): Promise<Checkpoint<CharModel>> {
  const read = await readAnyCheckpoint(path);
  if (read.of === 'text') return read.checkpoint;
  throw new UsageError(
    `${JSON.stringify(path)} is a checkpoint of a ${read.checkpoint.model.kind}, which does not continue texts: use ` +
      'unrolled predict.',
  );
}

/** Reads a checkpoint of records. @throws UsageError for one of a text */
export async function readRecordsCheckpoint(path: string): Promise<Checkpoint> {
  const read = await readAnyCheckpoint(path);
  if (read.of === 'records') return read.checkpoint;
  throw new UsageError(
    `${JSON.stringify(path)} is a checkpoint of a model of text, which does not predict records: use unrolled ` +
      'sample or unrolled eval.',
  );
}
