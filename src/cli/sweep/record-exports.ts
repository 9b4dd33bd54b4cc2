import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkFolderWritable,
  CsvTable,
  FileFormatError,
  hasEventFiles,
  LogFile,
  openEventFile,
  UnrolledError,
} from '../../node.js';
import {
  History,
  SPEC_ATTRIBUTE,
  trialColumns,
  trialEvents,
  trialName,
  trialRow,
  type NotedReport,
  type SweepSpec,
} from '../../sweep/index.js';
import { readRecord } from '../../sweep/node/index.js';

/** Options for files that other programs read. */
export interface ExportFlags {
  readonly csv?: string;
  readonly jsonl?: string;
  readonly tensorboard?: string;
  readonly overwrite?: boolean;
}

/** Returns the sweep that a record stores. @throws FileFormatError for a journal of another program */
export function specIn({ attributes }: History, path: string): SweepSpec {
  const spec = attributes[SPEC_ATTRIBUTE];
  if (spec !== undefined) return spec as SweepSpec;
  throw new FileFormatError(
    `${JSON.stringify(path)} is a journal of Optuna that unrolled sweep has not written: name a record of a sweep.`,
  );
}

/** Reads a record, and writes its trials to the files that the options name. */
export async function exportRecord(
  path: string,
  flags: ExportFlags,
): Promise<{ readonly spec: SweepSpec; readonly history: History }> {
  const reports = new Map<number, NotedReport[]>();
  const needsReports = flags.jsonl !== undefined || flags.tensorboard !== undefined;
  const onReport = ({ number }: { readonly number: number }, report: NotedReport): void => {
    const known = reports.get(number);
    if (known === undefined) reports.set(number, [report]);
    else known.push(report);
  };
  const history = new History({ values: false, ...(needsReports ? { onReport } : {}) });
  await readRecord(path, history);
  const spec = specIn(history, path);
  exportTrials(flags, spec, history, reports);
  return { spec, history };
}

/** Checks, before anything is read, that no file is replaced. @throws UnrolledError, FileError */
export async function checkExports({ csv, jsonl, tensorboard, overwrite }: ExportFlags): Promise<void> {
  for (const [option, path] of Object.entries({ csv, jsonl }))
    if (
      path !== undefined &&
      overwrite !== true &&
      ((await stat(path).catch(() => undefined))?.size ?? 0) > 0
    )
      throw new UnrolledError(
        `${JSON.stringify(path)} exists: choose another --${option}, or replace it with --overwrite.`,
      );
  if (
    tensorboard !== undefined &&
    (hasEventFiles(tensorboard) || hasEventFiles(join(tensorboard, trialName({ number: 0 }))))
  )
    throw new UnrolledError(
      `${JSON.stringify(tensorboard)} contains event files already: choose another --tensorboard.`,
    );
  if (tensorboard !== undefined) await checkFolderWritable(tensorboard);
}

function exportTrials(
  { csv, jsonl, tensorboard }: ExportFlags,
  { parameters, objective }: SweepSpec,
  { trials }: History,
  reports: ReadonlyMap<number, readonly NotedReport[]>,
): void {
  if (csv !== undefined) {
    const table = new CsvTable(csv, trialColumns(Object.keys(parameters), objective), false);
    for (const trial of trials) table.add(trialRow(trial, objective));
    table.close();
  }
  if (jsonl !== undefined) {
    const file = new LogFile(jsonl, 'replace');
    for (const trial of trials)
      file.write(
        `${JSON.stringify({ ...trialRow(trial, objective), reports: reports.get(trial.number) ?? [] })}\n`,
      );
    file.close();
  }
  if (tensorboard === undefined) return;
  for (const trial of trials) {
    const file = openEventFile(join(tensorboard, trialName(trial)));
    for (const bytes of trialEvents(trial, reports.get(trial.number) ?? [], objective)) file.write(bytes);
    file.close();
  }
}
