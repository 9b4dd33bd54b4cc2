import { cellName } from '../training/names.js';
import type { RunEntries } from './protocol.js';
import { words } from './words.js';

/** Returns short names of runs: the cell, and what distinguishes runs with the same cell. */
export function namesOf(runs: readonly RunEntries[]): string[] {
  const names = runs.map((run) => {
    const alike = runs.filter(({ cell }) => cell === run.cell);
    const differs = (key: keyof RunEntries): boolean => alike.some((other) => other[key] !== run[key]);
    return [
      cellName(run.cell),
      ...(differs('layers')
        ? [`${run.layers}×${run.hidden}`]
        : differs('hidden')
          ? [String(run.hidden)]
          : []),
      ...(differs('rate') ? [words.rate(String(run.rate))] : []),
    ].join(' ');
  });
  return names.map((name, i) =>
    names.filter((other) => other === name).length === 1
      ? name
      : `${name} (${names.slice(0, i + 1).filter((other) => other === name).length})`,
  );
}
