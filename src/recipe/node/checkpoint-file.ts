import { open, type FileHandle } from 'node:fs/promises';
import { FileFormatError } from '../../core/errors.js';
import { fileError } from '../../io/file-error.js';
import { readFileBytes, writeFileAtomic } from '../../io/node/files.js';
import type { CharModel } from '../../text/char-model.js';
import { ForeignFileError, isCheckpointFormat, type Checkpoint } from '../../train/checkpoint.js';
import type { Model, ModelKind } from '../../train/model.js';
import { saveCheckpoint } from '../../train/save-checkpoint.js';
import type { Trainer } from '../../train/trainer.js';
import { MODEL_KINDS, readCheckpoint } from '../checkpoints.js';

/**
 * Writes the whole state of a training run to a file. The write is atomic: the file has either its
 * old content or the complete new one.
 * @throws FileError for a full disk, a missing folder or missing permission
 */
export async function writeCheckpointFile<M extends Model>(
  path: string,
  trainer: Trainer<M>,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await writeFileAtomic(path, await saveCheckpoint(trainer, extra));
}

/**
 * Reads and checks a checkpoint of a character model.
 * @throws FileError where it cannot be read, FileFormatError where it is truncated, damaged, no
 *   checkpoint, or one of another kind
 */
export async function readCheckpointFile(path: string): Promise<Checkpoint<CharModel>>;
/**
 * Reads and checks a checkpoint of one of `kinds`.
 * @param kinds kinds of models, such as `TASK_KINDS`
 * @throws FileError where it cannot be read, FileFormatError where it is truncated, damaged or no
 *   checkpoint
 */
export async function readCheckpointFile<M extends Model>(
  path: string,
  kinds: readonly ModelKind<M>[],
): Promise<Checkpoint<M>>;
export async function readCheckpointFile(
  path: string,
  kinds: readonly ModelKind[] = MODEL_KINDS,
): Promise<Checkpoint> {
  const bytes = await readFileBytes(path);
  try {
    return readCheckpoint(bytes, kinds);
  } catch (error) {
    if (!(error instanceof FileFormatError)) throw error;
    const Kind = error instanceof ForeignFileError ? ForeignFileError : FileFormatError;
    throw new Kind(`${JSON.stringify(path)}: ${error.message}`, { cause: error });
  }
}

/**
 * Number of steps of the training run in a checkpoint file; undefined if the file is no checkpoint.
 * It reads only the header.
 * @throws FileError where it cannot be read
 */
export async function stepsInFile(path: string): Promise<number | undefined> {
  const header = await headerOf(path).catch((error: unknown) => {
    throw fileError('read', path, error);
  });
  try {
    const { format, unrolled } = (JSON.parse(header) as { __metadata__: Record<string, string> })
      .__metadata__;
    if (!isCheckpointFormat(format)) return undefined;
    const { step } = (JSON.parse(unrolled) as { progress: { step: unknown } }).progress;
    return typeof step === 'number' ? step : undefined;
  } catch {
    return undefined; // not JSON, or JSON of something else
  }
}

/** The header of a safetensors file; an empty text if it has none. */
async function headerOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = size < 8 ? 0 : Number((await bytesAt(file, 0, 8)).readBigUInt64LE());
    return length > size - 8 ? '' : (await bytesAt(file, 8, length)).toString('utf8');
  } finally {
    await file.close();
  }
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
