import { benchTables, CURVES, milliseconds, type BenchResults } from '../../../src/bench/index.js';
import { byId, create } from '../page/dom.js';
import { barChart, decades, fromZero, type Bar } from './bars.js';
import { CurveChart, type Curve } from './curves.js';
import { tableElement } from './tables.js';
import { cellText, words } from './words.js';
import { language } from '../words/language.js';

/** Tables and plots of all figures so far. */
export class ResultsView {
  readonly #box = byId('results', HTMLElement);
  readonly #curves = { H: new CurveChart('H'), T: new CurveChart('T') };

  /** Draws everything again: a few dozen rows at most. */
  show(results: BenchResults): void {
    const sections = benchTables(results).map((table) => {
      const section = create('section', 'panel');
      const heading = create('h2', '', cellText(table.title));
      heading.id = `results-${table.title.toLowerCase().replaceAll(' ', '-')}`;
      section.setAttribute('aria-labelledby', heading.id);
      section.append(heading, ...this.#plots(table.title, results), tableElement(table));
      return section;
    });
    this.#box.replaceChildren(...sections);
    for (const letter of ['H', 'T'] as const)
      if (this.#curves[letter].element.isConnected) this.#curves[letter].show(curvesOf(results, letter));
  }

  #plots(title: string, results: BenchResults): readonly HTMLElement[] {
    const { grid, generation, kernels } = results;
    const names = [...new Set([...grid, ...generation].map(({ strategy }) => strategy))];
    const times = (
      rows: readonly { readonly workload: string; readonly strategy: string; readonly medianMs: number }[],
    ): Bar[] =>
      rows.map(({ workload, strategy, medianMs }) => ({
        group: workload,
        name: cellText(strategy),
        value: medianMs,
        text: `${milliseconds(medianMs)} ms`,
        colour: names.indexOf(strategy),
      }));
    switch (title) {
      case 'Training steps':
        return timeBars(words.perStep, times(grid));
      case 'One character at a time':
        return timeBars(words.perCharacter, times(generation));
      case 'Over H and T':
        return (['H', 'T'] as const)
          .filter((letter) => curvesOf(results, letter).length > 0)
          .map((letter) => this.#curves[letter].element);
      case 'Single kernels': {
        const shares = kernels.flatMap(({ kernel, size, ofArithmetic, ofBandwidth }): Bar[] => [
          ...share(`${kernel}, ${size}`, words.arithmetic, ofArithmetic, 0),
          ...share(`${kernel}, ${size}`, words.bandwidth, ofBandwidth, 1),
        ]);
        if (shares.length === 0) return [];
        const scale = fromZero(valuesOf(shares), 1);
        return [
          barChart(words.shares, shares, scale),
          hint(words.reached(`${(100 * scale.to).toFixed()} %`)),
        ];
      }
      default:
        return [];
    }
  }
}

/** Times beside one another, and the scale in words. */
function timeBars(unit: string, bars: readonly Bar[]): readonly HTMLElement[] {
  const scale = decades(valuesOf(bars));
  const [from, to] = [scale.from, scale.to].map((value) =>
    value.toLocaleString(language, { maximumFractionDigits: 9 }),
  );
  return [barChart(words.shorter(unit), bars, scale), hint(words.scale(unit, from, to))];
}

function valuesOf(bars: readonly Bar[]): readonly number[] {
  return bars.map(({ value }) => value);
}

function share(group: string, name: string, value: number | undefined, colour: number): Bar[] {
  return value === undefined ? [] : [{ group, name, value, text: `${(100 * value).toFixed(1)} %`, colour }];
}

function hint(text: string): HTMLElement {
  return create('p', 'hint', text);
}

/** The times of each strategy over H or T. */
function curvesOf({ curves }: BenchResults, letter: 'H' | 'T'): readonly Curve[] {
  return [...new Set(curves.map(({ strategy }) => strategy))]
    .map((name) => ({
      name,
      points: CURVES[letter].flatMap((workload) => {
        const row = curves.find((each) => each.strategy === name && each.workload === workload.name);
        return row ? [{ x: workload[letter], ms: row.medianMs }] : [];
      }),
    }))
    .filter(({ points }) => points.length > 0);
}
