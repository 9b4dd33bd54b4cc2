import { readFileBytes, writeFileAtomic } from '../../io/node/files.js';
import { FileFormatError } from '../../core/errors.js';
import { ForeignFileError, readCheckpoint, saveCheckpoint, type Checkpoint } from '../checkpoint.js';
import type { Trainer } from '../trainer.js';

/**
 * Writes the whole state of a training run to a file, which at every moment holds either its old
 * content or all of the new.
 * @throws FileError in one line: disk full, no such folder, no permission
 */
export async function writeCheckpointFile(
  path: string,
  trainer: Trainer,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await writeFileAtomic(path, await saveCheckpoint(trainer, extra));
}

/**
 * Reads and checks a checkpoint.
 * @throws FileError where it cannot be read, FileFormatError where it is truncated, foreign or
 *   damaged
 */
export async function readCheckpointFile(path: string): Promise<Checkpoint> {
  const bytes = await readFileBytes(path);
  try {
    return readCheckpoint(bytes);
  } catch (error) {
    if (!(error instanceof FileFormatError)) throw error;
    const Kind = error instanceof ForeignFileError ? ForeignFileError : FileFormatError;
    throw new Kind(`${JSON.stringify(path)}: ${error.message}`, { cause: error });
  }
}
