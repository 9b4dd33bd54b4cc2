import { charModelToOnnx, readCheckpointFile, writeFileAtomic } from '../node.js';
import { formatBytes, given } from '../graph.js';
import { checkExport } from './output-files.js';
import type { Services } from './session.js';

/** All options of `export`. */
export interface ExportFlags {
  readonly checkpoint: string;
  readonly onnx: string;
  /** T, where the file is to be fixed to so many steps. */
  readonly time?: number;
  /** N, where the file is to be fixed to so many rows. */
  readonly batch?: number;
  readonly json?: boolean;
}

/** `unrolled export`: a trained model as an ONNX file. @returns the exit status */
export async function runExport(flags: ExportFlags, { terminal }: Services): Promise<number> {
  const { onnx: path, time, batch } = flags;
  await checkExport(path, flags.checkpoint);
  const { model, parameters, progress } = await readCheckpointFile(flags.checkpoint);
  const bytes = charModelToOnnx(model, parameters, given({ time, batch }));
  await writeFileAtomic(path, bytes);
  const { cell, hidden, layers } = model.config;
  if (flags.json)
    terminal.out(
      `${JSON.stringify({ event: 'export', step: progress.step, path, bytes: bytes.length, cell, hidden, layers, vocabulary: model.vocabulary.size })}\n`,
    );
  else
    terminal.out(
      `${path}: ${cell} ${layers}×${hidden}, ${model.vocabulary.size} symbols, ` +
        `${formatBytes(bytes.length)} (step ${progress.step})\n`,
    );
  return 0;
}
