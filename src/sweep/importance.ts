import type { TrialRecord } from './history.js';
import type { Value } from './trial.js';

/** The effect of an option on the objective. */
export interface Importance {
  readonly name: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly groups: readonly Group[];
}

/** Trials with the same value, or with values in one range. */
export interface Group {
  readonly label: string;
  readonly trials: number;
  /** Of the objective. */
  readonly median: number;
}

/** Number of groups that the numbers of a range are divided into. */
const CUTS = 4;

interface Ranked {
  readonly trial: TrialRecord;
  readonly value: number;
  readonly rank: number;
}

/**
 * Measures which options mattered: for each, the share of the variance of the trials' ranks that
 * lies between groups with the same value. It is H / (trials − 1) of Kruskal and Wallis, "Use of
 * ranks in one-criterion variance analysis", JASA 47 (1952). It uses ranks because a few diverged
 * trials would outweigh all others. Options with more than eight different numbers are divided into
 * four groups of about equal size. Each option is considered alone: the effect of two options
 * together is in neither share. With few trials an option without influence also has a share, about
 * (groups − 1) / (trials − 1).
 * @param trials only complete ones count
 * @returns the options, the largest share first
 */
export function importances(trials: readonly TrialRecord[]): readonly Importance[] {
  const ranked = ranksOf(trials);
  const names = Object.keys(ranked.at(0)?.trial.point ?? {});
  return names
    .map((name) => importanceOf(name, ranked))
    .sort((a, b) => b.share - a.share || a.name.localeCompare(b.name));
}

/** Equal values share the mean of their ranks. */
function ranksOf(trials: readonly TrialRecord[]): readonly Ranked[] {
  const complete = trials
    .flatMap((trial) =>
      trial.state === 'complete' && trial.value !== undefined ? [{ trial, value: trial.value }] : [],
    )
    .sort((a, b) => a.value - b.value);
  const first = new Map<number, number>();
  const counts = new Map<number, number>();
  complete.forEach(({ value }, i) => {
    if (!first.has(value)) first.set(value, i);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  });
  return complete.map(({ trial, value }) => ({
    ...{ trial, value },
    rank: (first.get(value) ?? 0) + (counts.get(value) ?? 1) / 2,
  }));
}

function importanceOf(name: string, ranked: readonly Ranked[]): Importance {
  const groups = groupsOf(name, ranked);
  const mean = meanOf(ranked.map(({ rank }) => rank));
  const total = ranked.reduce((sum, { rank }) => sum + (rank - mean) ** 2, 0);
  const between = groups.reduce(
    (sum, { members }) => sum + members.length * (meanOf(members.map(({ rank }) => rank)) - mean) ** 2,
    0,
  );
  return {
    name,
    share: total > 0 ? Math.min(1, between / total) : 0,
    groups: groups.map(({ label, members }) => ({
      label,
      trials: members.length,
      median: medianOf(members.map(({ value }) => value)),
    })),
  };
}

function groupsOf(
  name: string,
  ranked: readonly Ranked[],
): { readonly label: string; readonly members: readonly Ranked[] }[] {
  const values = [...new Set(ranked.map(({ trial }) => trial.point[name]))];
  const areNumbers = values.every((value) => typeof value === 'number');
  if (areNumbers) values.sort((a, b) => a - b);
  const parts: (readonly Value[])[] =
    areNumbers && values.length > 2 * CUTS
      ? Array.from({ length: CUTS }, (_, i) => values.slice(cut(i, values), cut(i + 1, values)))
      : values.map((value) => [value]);
  return parts.map((part) => {
    const last = part[part.length - 1];
    return {
      label: part.length === 1 ? shown(last) : `${shown(part[0])} to ${shown(last)}`,
      members: ranked.filter(({ trial }) => part.includes(trial.point[name])),
    };
  });
}

function cut(part: number, values: readonly Value[]): number {
  return Math.round((part * values.length) / CUTS);
}

function shown(value: Value): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param values at least one */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}
