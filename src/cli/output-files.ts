import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { checkFileWritable, fileIdentity, stepsInFile, UnrolledError } from '../node.js';
import { UsageError } from './failure.js';

/** A file of a command line. */
export interface NamedFile {
  /** The role of the file: an option, or a file beside an option's file. */
  readonly role: string;
  /** Absent where the option was not given. */
  readonly path: string | undefined;
}

/** The output files of a training run. */
export interface RunOutputs {
  /** The checkpoint; absent: none is written. */
  readonly out: string | undefined;
  /** Whether the best checkpoint by validation is written beside it. */
  readonly keepsBest: boolean;
}

/** Every file that a training run writes, including derived names. */
export function outputsOf({ out, keepsBest }: RunOutputs): NamedFile[] {
  if (out === undefined) return [];
  const best = { role: 'the best checkpoint beside --out', path: bestPath(out) };
  return [{ role: '--out', path: out }, ...(keepsBest ? [best] : [])];
}

/** The path of the best checkpoint: `name.best.safetensors`, beside `name.safetensors`. */
export function bestPath(out: string): string {
  return `${out.replace(/\.safetensors$/, '')}.best.safetensors`;
}

/** Whether `path` is the best checkpoint of a run that writes to `out`. */
export function isBestOf(path: string, out: string | undefined): boolean {
  return out !== undefined && out !== '' && basename(path) === basename(bestPath(out));
}

/**
 * Checks that no output is the same file as an input or another output, which writing would destroy.
 * It resolves links and different spellings of a path.
 * @throws UsageError that names both
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
        `${titleOf(file)} is the same file as ${titleOf(other)}, which it would replace: choose another ` +
          'name for the output.',
      );
    seen.set(identity, file);
  }
}

/**
 * Checks, before any work, that outputs are distinct from inputs and from each other, and can be
 * written.
 * @throws UsageError that names both files, FileError with the reason why a file cannot be written
 */
export async function checkOutputs(
  outputs: readonly NamedFile[],
  inputs: readonly NamedFile[],
): Promise<void> {
  await checkDistinct(outputs, inputs);
  for (const { path } of outputs) if (path !== undefined) await checkFileWritable(path);
}

/**
 * Checks that an output replaces only an empty file or a checkpoint without steps.
 * @throws UnrolledError that suggests --overwrite, and `resume` where that can continue the file
 */
export async function checkReplaceable(outputs: readonly NamedFile[], verb: string): Promise<void> {
  for (const { path } of outputs) {
    if (path === undefined || !((await stat(path).catch(() => undefined))?.size ?? 0)) continue;
    const steps = await stepsInFile(path);
    if (steps === 0) continue;
    const name = JSON.stringify(path);
    throw new UnrolledError(
      steps === undefined
        ? `${name} exists, and ${verb} would replace it: choose another --out, or replace it with --overwrite.`
        : `${name} holds a model after ${steps} steps, and ${verb} would replace it: continue it with ` +
            `unrolled resume ${path}, choose another --out, or replace it with --overwrite.`,
    );
  }
}

/**
 * Checks that an export destroys no trained model or input, and that its files can be written. The
 * target may be a pipe or a device, since it is written once from start to end.
 * @param option that names the files
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
