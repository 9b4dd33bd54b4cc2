import { count, figure, speed } from '../page/format.js';
import type { Curves } from './curves.js';
import { wayBack, type ComparisonFacts, type Measured } from './protocol.js';
import { fall, times } from './verdict.js';
import { words } from './words.js';

/** A row of the table: a name, and a value for every run. */
export interface FigureRow {
  readonly name: string;
  readonly values: readonly string[];
}

/** The figures of a comparison: a row for each figure, a column for each run. */
export function figureRows(
  facts: ComparisonFacts,
  curves: Curves,
  { runs: measured }: Measured,
): FigureRow[] {
  const { figures } = words;
  const { unit, writes, runs, backend } = facts;
  const step = curves.step.at(-1) ?? 0;
  const row = (name: string, value: (run: number) => string): FigureRow => ({
    name,
    values: runs.map((_, i) => value(i)),
  });
  return [
    row(figures.parameters, (i) => count(runs[i].parameters)),
    row(figures.steps, () => count(step)),
    row(figures.now(words.per(unit)), (i) =>
      figure(curves.recent(i)?.mean ?? curves.runs[i].smooth.at(-1) ?? NaN),
    ),
    row(figures.least, (i) => figure(least(curves.runs[i].smooth))),
    ...(writes ? [] : [row(figures.recalled, (i) => share(measured[i].accuracy))]),
    row(figures.flowUntrained, (i) => fallen(wayBack(facts.first.runs[i]))),
    row(figures.flowNow, (i) => fallen(wayBack(measured[i]))),
    row(figures.time, (i) => figures.seconds(speed(curves.runs[i].seconds.at(-1) ?? 0))),
    row(figures.perSecond, (i) => speed(step === 0 ? NaN : step / (curves.runs[i].seconds.at(-1) ?? 0))),
    row(backend !== 'webgpu' ? figures.dispatchesOfGpu : figures.dispatches, (i) =>
      count(runs[i].dispatchesPerStep),
    ),
  ];
}

function least(values: readonly number[]): number {
  return values.reduce((best, one) => (one < best || Number.isNaN(best) ? one : best), NaN);
}

function share(accuracy: number | undefined): string {
  return accuracy === undefined ? '–' : `${count(100 * accuracy)} %`;
}

/** The gradient at the first time step relative to the last. */
function fallen(flow: readonly number[]): string {
  const factor = fall(flow);
  if (Number.isNaN(factor)) return '–';
  if (factor === Infinity) return words.figures.none;
  const ratio = times(Math.max(factor, 1 / factor));
  return factor > 1 && ratio !== '1' ? `1/${ratio}` : `${ratio}×`;
}
