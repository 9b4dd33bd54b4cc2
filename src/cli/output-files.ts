import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { checkFileWritable, fileIdentity, stepsInFile, UnrolledError } from '../node.js';
import { UsageError } from './failure.js';

/** A file of a command line. */
export interface NamedFile {
  /** What the file is to the command: an option, or what is written beside it. */
  readonly role: string;
  /** Undefined where the option was not given. */
  readonly path: string | undefined;
}

/** Where a training run writes. */
export interface RunOutputs {
  /** The checkpoint; undefined: none is written. */
  readonly out: string | undefined;
  /** Whether the best checkpoint by validation is kept beside it. */
  readonly keepsBest: boolean;
}

/** Every file that a training run writes, derived names included. */
export function outputsOf({ out, keepsBest }: RunOutputs): NamedFile[] {
  if (out === undefined) return [];
  const best = { role: 'the best checkpoint beside --out', path: bestPath(out) };
  return [{ role: '--out', path: out }, ...(keepsBest ? [best] : [])];
}

/** `name.best.safetensors`, beside the checkpoint. */
export function bestPath(out: string): string {
  return `${out.replace(/\.safetensors$/, '')}.best.safetensors`;
}

/** Whether `path` has the name of the best checkpoint of a run that writes to `out`. */
export function isBestOf(path: string, out: string | undefined): boolean {
  return out !== undefined && out !== '' && basename(path) === basename(bestPath(out));
}

/**
 * Refuses an output that is the same file as an input or as another output: writing would destroy
 * it. Links and different spellings of a path do not hide a file.
 * @throws UsageError naming both
 */
async function checkDistinct(outputs: readonly NamedFile[], inputs: readonly NamedFile[]): Promise<void> {
  const seen = new Map<string, NamedFile>();
  for (const file of inputs) if (file.path !== undefined) seen.set(await fileIdentity(file.path), file);
  for (const file of outputs) {
    if (file.path === undefined) continue;
    const identity = await fileIdentity(file.path);
    const other = seen.get(identity);
    if (other)
      throw new UsageError(
        `${titleOf(file)} is the same file as ${titleOf(other)}, which it would destroy: choose another ` +
          'name for the output.',
      );
    seen.set(identity, file);
  }
}

/**
 * Refuses outputs that would destroy an input or each other, and outputs that cannot be written,
 * before any work is done.
 * @throws UsageError naming both files, FileError saying why a file cannot be written
 */
export async function checkOutputs(
  outputs: readonly NamedFile[],
  inputs: readonly NamedFile[],
): Promise<void> {
  await checkDistinct(outputs, inputs);
  for (const { path } of outputs) if (path !== undefined) await checkFileWritable(path);
}

/**
 * Refuses to replace a file that somebody may want: anything but an empty file and a checkpoint
 * without steps.
 * @throws UnrolledError naming --overwrite, and `resume` where it goes on with the file
 */
export async function checkReplaceable(outputs: readonly NamedFile[], verb: string): Promise<void> {
  for (const { path } of outputs) {
    if (path === undefined || !((await stat(path).catch(() => undefined))?.size ?? 0)) continue;
    const steps = await stepsInFile(path);
    if (steps === 0) continue;
    const name = JSON.stringify(path);
    throw new UnrolledError(
      steps === undefined
        ? `${name} exists, and ${verb} would replace it: choose another --out, or allow that with --overwrite.`
        : `${name} holds a model after ${steps} steps, and ${verb} would replace it: continue it with ` +
            `unrolled resume ${path}, choose another --out, or replace it with --overwrite.`,
    );
  }
}

/**
 * Refuses places for an export that would destroy a trained model or an input, or that cannot be
 * written. A pipe or a device may take an export, since it is written once and in one piece.
 * @param option that names the places
 * @throws UsageError, UnrolledError, FileError
 */
export async function checkExport(
  paths: readonly string[],
  checkpoint: string,
  option: '--onnx' | '--attention',
  inputs: readonly NamedFile[] = [],
): Promise<void> {
  await checkDistinct(
    paths.map((path) => ({ role: option, path })),
    [{ role: '--checkpoint', path: checkpoint }, ...inputs],
  );
  for (const path of paths) {
    const there = await stat(path).catch(() => undefined);
    if (there?.isFIFO() || there?.isCharacterDevice()) continue;
    await checkFileWritable(path);
    if (there !== undefined && ((await stepsInFile(path)) ?? 0) > 0)
      throw new UnrolledError(
        `${JSON.stringify(path)} is a checkpoint, and ${option === '--onnx' ? 'export' : 'predict'} would replace it: choose another name for ${option}.`,
      );
  }
}

function titleOf({ role, path }: NamedFile): string {
  return `${role} ${JSON.stringify(path)}`;
}
