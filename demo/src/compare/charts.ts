import { Chart, rangeOfNorms, type Columns } from '../page/chart.js';
import { byId } from '../page/dom.js';
import { count, figure } from '../page/format.js';
import { lossesByTime, type Curves } from './curves.js';
import type { ComparisonFacts, Measured } from './protocol.js';
import { cellLineOf, lineOf } from './series.js';
import { words } from './words.js';

/** Indices of the runs that a chart has places for. */
const RUNS = [0, 1, 2];
const HEIGHT = 200;
const BASELINE = { colour: '--muted', width: 1.5, dash: [6, 5] };

/** The data of the charts. */
export interface Seen {
  readonly facts: ComparisonFacts;
  readonly names: readonly string[];
  readonly curves: Curves;
  readonly measured: Measured;
}

/** The overlaid curves of all runs: loss, accuracy of a task, and gradient by time step. */
export class CompareCharts {
  readonly #axis = byId('compare-axis', HTMLSelectElement);
  readonly #moment = byId('compare-moment', HTMLSelectElement);
  readonly #losses: Chart;
  readonly #accuracies: Chart;
  readonly #flows: Chart;
  #seen: Seen | undefined;

  constructor() {
    this.#losses = new Chart('compare-loss', {
      height: HEIGHT,
      lines: [...RUNS.map((run) => lineOf(run)), BASELINE],
      range: (_min, max) => [0, 1.05 * Math.min(Math.max(max ?? 0, this.#baseline), 1.3 * this.#baseline)],
    });
    this.#accuracies = new Chart('compare-accuracy', {
      height: HEIGHT,
      lines: RUNS.map((run) => lineOf(run, true)),
      range: () => [0, 105],
    });
    this.#flows = new Chart('compare-flow', {
      height: HEIGHT,
      logarithmic: true,
      lines: [...RUNS.map((run) => lineOf(run)), ...RUNS.map((run) => cellLineOf(run))],
      range: rangeOfNorms,
    });
    this.#axis.addEventListener('change', () => this.#showLosses());
    this.#moment.addEventListener('change', () => this.#showFlows());
  }

  show(seen: Seen): void {
    this.#seen = seen;
    byId('compare-accuracy-box', HTMLElement).hidden = seen.facts.writes;
    this.#showLosses();
    this.#showFlows();
    if (seen.facts.writes) return;
    const { curves, names } = seen;
    this.#accuracies.show(
      () => [
        [...curves.step],
        ...RUNS.map(
          (run) =>
            curves.runs[run]?.accuracy.map((value) => (value === null ? null : 100 * value)) ??
            curves.step.map(() => null),
        ),
      ],
      () =>
        words.charts.recalled(
          names.map((name, i) =>
            words.charts.value(name, figure(100 * (seen.measured.runs[i].accuracy ?? NaN))),
          ),
        ),
    );
  }

  get #baseline(): number {
    return this.#seen?.facts.baseline ?? 1;
  }

  #showLosses(): void {
    const seen = this.#seen;
    if (!seen) return;
    const { curves, names, facts } = seen;
    const byTime = this.#axis.value === 'time';
    const losses = names.map((name, i) =>
      words.charts.value(name, figure(curves.runs[i].smooth.at(-1) ?? NaN)),
    );
    this.#losses.show(
      () =>
        columnsOf(
          byTime ? lossesByTime(curves) : { x: curves.step, losses: curves.runs.map(({ smooth }) => smooth) },
          facts.baseline,
        ),
      () => words.charts.losses(byTime, words.per(facts.unit), losses, figure(facts.baseline)),
    );
  }

  #showFlows(): void {
    const seen = this.#seen;
    if (!seen) return;
    const { facts, names } = seen;
    const { runs, step } = this.#moment.value === 'first' ? facts.first : seen.measured;
    const steps = Array.from({ length: facts.time }, (_, t) => t + 1);
    byId('compare-flow-cells', HTMLElement).hidden = !runs.some(({ cellFlow }) => cellFlow);
    const fromTo = (flow: readonly number[]): string =>
      words.charts.fromTo(figure(flow.at(-1) ?? NaN), figure(flow[0] ?? NaN));
    const ends = names.map((name, i) => {
      const { flow, cellFlow } = runs[i];
      return words.charts.way(name, fromTo(flow), cellFlow && fromTo(cellFlow));
    });
    this.#flows.show(
      () => [
        steps,
        ...RUNS.map((run) => powers(runs[run]?.flow) ?? steps.map(() => null)),
        ...RUNS.map((run) => powers(runs[run]?.cellFlow) ?? steps.map(() => null)),
      ],
      () => words.charts.flow(count(step), ends),
    );
  }
}

/** Returns the logarithms of norms; a norm of zero is a gap. */
function powers(norms: readonly number[] | undefined): (number | null)[] | undefined {
  return norms?.map((norm) => (norm > 0 && Number.isFinite(norm) ? Math.log10(norm) : null));
}

/** Returns the losses of all runs and of guessing. */
function columnsOf(
  {
    x,
    losses,
  }: { readonly x: readonly number[]; readonly losses: readonly (readonly (number | undefined)[])[] },
  baseline: number,
): Columns {
  const finite = (loss: number | undefined): number | null | undefined =>
    loss === undefined || Number.isFinite(loss) ? loss : null;
  return [[...x], ...RUNS.map((run) => losses[run]?.map(finite) ?? x.map(() => null)), x.map(() => baseline)];
}
