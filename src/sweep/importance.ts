import type { TrialRecord } from './history.js';
import type { Value } from './trial.js';

/** What an option did to the objective. */
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
  /** Mean of the objective. */
  readonly mean: number;
}

/** Groups that numbers of a range are cut into. */
const CUTS = 4;

/**
 * Which options mattered: for each, the share of the variance of the objective that lies between
 * groups of trials with the same value of it (the correlation ratio η² of a one-way analysis of
 * variance). Options with more than eight different numbers are cut into four groups of about equal
 * size. It is about each option alone: what two do together is in neither share, and with few trials
 * an option without influence has a share too, about (groups − 1) / (trials − 1).
 * @param trials those that have finished with a value
 * @returns the options, the largest share first
 */
export function importances(trials: readonly TrialRecord[]): readonly Importance[] {
  const finished = trials.filter(({ state, value }) => state === 'complete' && value !== undefined);
  const names = Object.keys(finished.at(0)?.point ?? {});
  return names
    .map((name) => importanceOf(name, finished))
    .sort((a, b) => b.share - a.share || a.name.localeCompare(b.name));
}

function importanceOf(name: string, trials: readonly TrialRecord[]): Importance {
  const groups = groupsOf(name, trials);
  const all = trials.map(({ value }) => value ?? NaN);
  const mean = meanOf(all);
  const total = all.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const between = groups.reduce((sum, group) => sum + group.trials * (group.mean - mean) ** 2, 0);
  return { name, share: total > 0 ? Math.min(1, between / total) : 0, groups };
}

function groupsOf(name: string, trials: readonly TrialRecord[]): Group[] {
  const values = [...new Set(trials.map(({ point }) => point[name]))];
  const areNumbers = values.every((value) => typeof value === 'number');
  if (areNumbers) values.sort((a, b) => a - b);
  const parts: (readonly Value[])[] =
    areNumbers && values.length > 2 * CUTS
      ? Array.from({ length: CUTS }, (_, i) => values.slice(cut(i, values), cut(i + 1, values)))
      : values.map((value) => [value]);
  return parts.map((part) => {
    const those = trials.filter(({ point }) => part.includes(point[name]));
    const last = part[part.length - 1];
    const label = part.length === 1 ? shown(last) : `${shown(part[0])} to ${shown(last)}`;
    return { label, trials: those.length, mean: meanOf(those.map(({ value }) => value ?? NaN)) };
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
