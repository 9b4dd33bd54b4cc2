import {
  readCheckpointFile,
  writeFileAtomic,
  type Checkpoint,
  type LanguageModel,
  type OnnxOptions,
} from '../node.js';
import {
  CharModel,
  charModelToOnnx,
  languageModelKind,
  languageModelToOnnx,
  encoderDecoderToOnnx,
  readerToOnnx,
  encoderDecoderKind,
  formatBytes,
  given,
  type Model,
} from '../graph.js';
import { KINDS } from './checkpoints.js';
import { checkExport } from './output-files.js';
import type { Services } from './services.js';

/** All options of `export`. */
export interface ExportFlags {
  readonly checkpoint: string;
  readonly onnx: string;
  /** T, to fix the number of steps in the file; for an encoder, S. */
  readonly time?: number;
  /** N, to fix the number of rows in the file. */
  readonly batch?: number;
  readonly json?: boolean;
}

/** One file of an export. */
interface ExportedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * `unrolled export`: a trained model as an ONNX file, or an encoder–decoder as two.
 * @returns the exit status
 */
export async function runExport(flags: ExportFlags, { terminal }: Services): Promise<number> {
  const { onnx, checkpoint, time, batch } = flags;
  const read = await readCheckpointFile<Model>(checkpoint, KINDS);
  const files = filesOf(read, onnx, given({ time, batch }));
  await checkExport(
    files.map(({ path }) => path),
    checkpoint,
    '--onnx',
  );
  for (const { path, bytes } of files) await writeFileAtomic(path, bytes);
  const { model, progress } = read;
  for (const { path, bytes } of files) {
    const size = bytes.length;
    if (flags.json)
      terminal.out(
        `${JSON.stringify({ event: 'export', step: progress.step, path, bytes: size, ...factsOf(model) })}\n`,
      );
    else terminal.out(`${path}: ${titleOf(model)}, ${formatBytes(size)} (step ${progress.step})\n`);
  }
  return 0;
}

/** The files to write. An encoder–decoder has two, whose names follow from the requested one. */
function filesOf({ model, parameters }: Checkpoint, path: string, options: OnnxOptions): ExportedFile[] {
  if (model instanceof CharModel) return [{ path, bytes: charModelToOnnx(model, parameters, options) }];
  if (model.kind === languageModelKind.kind)
    return [{ path, bytes: languageModelToOnnx(model as LanguageModel, parameters, options) }];
  if (model.kind !== encoderDecoderKind.kind)
    return [{ path, bytes: readerToOnnx(model, parameters, options) }];
  const name = path.replace(/\.onnx$/, '');
  return Object.entries(encoderDecoderToOnnx(model, parameters, options)).map(
    ([part, bytes]: [string, Uint8Array]) => ({ path: `${name}.${part}.onnx`, bytes }),
  );
}

function factsOf(model: Model): object {
  if (!(model instanceof CharModel)) return { kind: model.kind, parameters: model.layout.count };
  const { cell, hidden, layers } = model.config;
  return { cell, hidden, layers, vocabulary: model.vocabulary.size };
}

function titleOf(model: Model): string {
  if (!(model instanceof CharModel)) return `${model.kind} with ${model.layout.count} weights`;
  const { cell, hidden, layers } = model.config;
  return `${cell} ${layers}×${hidden}, ${model.vocabulary.size} symbols`;
}
