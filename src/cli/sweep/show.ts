import {
  type History,
  importances,
  isBetter,
  trialRow,
  trialsIn,
  type Importance,
  type SweepSpec,
  type TrialRecord,
  type Value,
} from '../../sweep/index.js';
import { DONE } from '../failure.js';
import { figure } from '../text-format.js';
import type { Services } from '../services.js';
import { bestOf } from './sweep-progress.js';
import { checkExports, exportRecord, type ExportFlags } from './record-exports.js';
import { argumentsOf } from './typed-options.js';

export interface ShowFlags extends ExportFlags {
  readonly top?: number;
  readonly json?: boolean;
}

/** The default of `--top`. */
const TOP = 20;

/** `unrolled sweep show`: prints the trials of a record. @returns the exit status */
export async function showSweep(path: string, flags: ShowFlags, { terminal }: Services): Promise<number> {
  await checkExports(flags);
  const { spec, history } = await exportRecord(path, flags);
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

/** Sorts trials: complete ones by value, then stopped and running ones by their current value, then failed ones. */
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

/** Formats rows as columns; each is as wide as its widest entry. */
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

/** Quotes an argument for a shell. */
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
    `Importance of options: share of the variance of ranks by ${objective.name} between trials with different values\n` +
    aligned([['option', 'share', `median ${objective.name}`], ...rows])
  );
}
