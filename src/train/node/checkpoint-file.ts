import { open, type FileHandle } from 'node:fs/promises';
import { FileFormatError } from '../../core/errors.js';
import { fileError } from '../../io/file-error.js';
import { readFileBytes, writeFileAtomic } from '../../io/node/files.js';
import { CHECKPOINT_FORMAT, readCheckpoint, saveCheckpoint, type Checkpoint } from '../checkpoint.js';
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
    if (error instanceof FileFormatError)
      throw new FileFormatError(`${JSON.stringify(path)}: ${error.message}`, { cause: error });
    throw error;
  }
}

/**
 * How many steps the training run has done whose checkpoint a file holds; undefined where the file
 * is no checkpoint. Reads the header alone.
 * @throws FileError where it cannot be read
 */
export async function stepsInFile(path: string): Promise<number | undefined> {
  const header = await headerOf(path).catch((error: unknown) => {
    throw fileError('read', path, error);
  });
  try {
    const { format, unrolled } = (JSON.parse(header) as { __metadata__: Record<string, string> })
      .__metadata__;
    if (format !== CHECKPOINT_FORMAT) return undefined;
    const { step } = (JSON.parse(unrolled) as { progress: { step: unknown } }).progress;
    return typeof step === 'number' ? step : undefined;
  } catch {
    return undefined; // not JSON, or JSON of something else
  }
}

/** The header of a safetensors file; an empty text where there cannot be one. */
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
