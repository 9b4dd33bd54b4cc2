import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { CsvTable, hasEventFiles, LogFile, openEventFile, UnrolledError } from '../../node.js';
import {
  History,
  importances,
  isBetter,
  trialColumns,
  trialEvents,
  trialName,
  trialRow,
  trialsIn,
  type Importance,
  type NotedReport,
  type SweepSpec,
  type TrialRecord,
  type Value,
} from '../../sweep/index.js';
import { readRecord } from '../../sweep/node/index.js';
import { DONE } from '../failure.js';
import { figure } from '../lines.js';
import type { Services } from '../session.js';
import { bestOf } from './board.js';
import { specIn } from './run.js';
import { argumentsOf } from './trial-options.js';

export interface ShowFlags {
  readonly top?: number;
  readonly csv?: string;
  readonly jsonl?: string;
  readonly tensorboard?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Rows of the table. */
const TOP = 20;

/** `unrolled sweep show`. @returns the exit status */
export async function showSweep(path: string, flags: ShowFlags, { terminal }: Services): Promise<number> {
  await checkExports(flags);
  const reports = new Map<number, NotedReport[]>();
  const needsReports = flags.jsonl !== undefined || flags.tensorboard !== undefined;
  const history = new History({
    values: false,
    ...(needsReports
      ? {
          onReport: ({ number }, report) =>
            void reports.set(number, [...(reports.get(number) ?? []), report]),
        }
      : {}),
  });
  await readRecord(path, history);
  const spec = specIn(history, path);
  exportTrials(flags, spec, history, reports);
  const ranked = rankedTrials(spec, history);
  const mattered = importances(history.trials);
  const best = bestOf(history, spec);
  if (flags.json === true) {
    const write = (event: object): void => terminal.out(`${JSON.stringify(event)}\n`);
    for (const trial of ranked) write({ event: 'trial', ...trialRow(trial, spec.objective) });
    for (const { name, share, groups } of mattered) write({ event: 'importance', name, share, groups });
    write({ event: 'best', trial: best?.number, value: best?.value, options: best?.point });
    return DONE;
  }
  terminal.out(tableOf(ranked.slice(0, flags.top ?? TOP), spec));
  terminal.out(`\n${summary(spec, history, best)}\n`);
  if (mattered.length > 0 && best) terminal.out(`\n${importanceTable(mattered, spec)}`);
  return DONE;
}

/** The best first; those that were stopped or run by what they have reached; failed ones last. */
function rankedTrials({ objective }: SweepSpec, { trials }: History): TrialRecord[] {
  const groups = { complete: 0, pruned: 1, running: 1, failed: 2 } as const;
  const valueOf = ({ value, objective: soFar }: TrialRecord): number => value ?? soFar ?? NaN;
  return [...trials].sort((a, b) => {
    if (groups[a.state] !== groups[b.state]) return groups[a.state] - groups[b.state];
    if (isBetter(objective, valueOf(a), valueOf(b))) return -1;
    return isBetter(objective, valueOf(b), valueOf(a)) ? 1 : a.number - b.number;
  });
}

function tableOf(trials: readonly TrialRecord[], spec: SweepSpec): string {
  const names = Object.keys(spec.parameters);
  const { objective, seeds } = spec;
  const header = [
    'trial',
    'state',
    objective.name,
    'steps',
    'seconds',
    ...names,
    ...(seeds > 1 ? ['seed'] : []),
  ];
  const rows = trials.map((trial) => {
    const row = trialRow(trial, objective);
    return header.map((name) => cell(name, row[name], objective.name));
  });
  return aligned([header, ...rows]);
}

function cell(name: string, value: Value | undefined, objective: string): string {
  if (typeof value !== 'number') return value === undefined ? '-' : String(value);
  if (name === objective) return figure(value);
  return name === 'seconds' ? value.toFixed(1) : String(Number(value.toPrecision(5)));
}

/** Columns as wide as their widest entry. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((text, column) => text.padEnd(widths[column]))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function summary(spec: SweepSpec, { trials }: History, best: TrialRecord | undefined): string {
  const counts = ['complete', 'pruned', 'failed', 'running']
    .map((state) => [state, trials.filter((trial) => trial.state === state).length] as const)
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `${number} ${state}`);
  const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0);
  const all = `${trials.length} of ${trialsIn(spec)} trials: ${counts.join(', ')}; ${(seconds / 3600).toFixed(2)} hours of trials`;
  if (!best) return all;
  const options = argumentsOf({ ...spec.train, ...best.point, seed: Number(best.attributes.seed ?? 0) });
  return (
    `${all}\nbest ${spec.objective.name}: ${figure(best.value ?? NaN)}, trial ${best.number}, ` +
    `checkpoint ${best.checkpoint?.path ?? 'none'}\n  unrolled train ${options.map(quoted).join(' ')}`
  );
}

/** As a shell takes it. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

function importanceTable(mattered: readonly Importance[], { objective }: SweepSpec): string {
  const rows = mattered.map(({ name, share, groups }) => [
    name,
    `${(100 * share).toFixed(0)} %`,
    groups.map(({ label, median }) => `${label}: ${figure(median)}`).join('   '),
  ]);
  return (
    `Which options mattered: share of the variance of ranks by ${objective.name} that lies between trials with different values\n` +
    aligned([['option', 'share', `median ${objective.name}`], ...rows])
  );
}

/** Refuses what would be replaced, before anything is read. */
async function checkExports({ csv, jsonl, tensorboard, overwrite }: ShowFlags): Promise<void> {
  for (const [option, path] of Object.entries({ csv, jsonl }))
    if (
      path !== undefined &&
      overwrite !== true &&
      ((await stat(path).catch(() => undefined))?.size ?? 0) > 0
    )
      throw new UnrolledError(
        `${JSON.stringify(path)} exists: choose another --${option}, or allow it to be replaced with --overwrite.`,
      );
  if (
    tensorboard !== undefined &&
    (hasEventFiles(tensorboard) || hasEventFiles(join(tensorboard, trialName({ number: 0 }))))
  )
    throw new UnrolledError(
      `${JSON.stringify(tensorboard)} has event files already: choose another --tensorboard.`,
    );
}

function exportTrials(
  { csv, jsonl, tensorboard }: ShowFlags,
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
