import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { create } from '../page/dom.js';
import { count } from '../page/format.js';
import { cellText, words } from './words.js';

/** One line: a strategy's times over H or T. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly ms: number }[];
}

const HEIGHT = 260;
// The library's enumeration exists in its declarations alone.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const LOGARITHMIC = 3 as uPlot.Scale.Distr;
/** Lines differ in dashes as well as in colour. */
const DASHES = [[], [8, 5], [2, 4], [10, 4, 2, 4], [16, 6]];

/** Milliseconds per step over H or T, both scales logarithmic. */
export class CurveChart {
  readonly element = create('figure', 'curve');
  readonly #box = create('div', 'curve-box');
  #plot: uPlot | undefined;
  #curves: readonly Curve[] = [];

  constructor(readonly letter: 'H' | 'T') {
    this.#box.setAttribute('role', 'img');
    this.element.append(create('figcaption', '', words.over(letter)), this.#box);
    new ResizeObserver(() => this.#plot?.setSize({ width: this.#box.clientWidth, height: HEIGHT })).observe(
      this.#box,
    );
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
  }

  show(curves: readonly Curve[]): void {
    this.#curves = curves;
    const said = curves.map(({ name, points }) =>
      words.points(
        cellText(name),
        points.map(({ x, ms }) => words.at(ms.toPrecision(3), count(x))),
      ),
    );
    this.#box.ariaLabel = words.curve(this.letter, said);
    this.#draw();
  }

  #draw(): void {
    this.#plot?.destroy();
    const xs = [...new Set(this.#curves.flatMap(({ points }) => points.map(({ x }) => x)))].sort(
      (a, b) => a - b,
    );
    if (xs.length === 0) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--grid'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    const options: uPlot.Options = {
      width: this.#box.clientWidth,
      height: HEIGHT,
      cursor: { drag: { x: false, y: false } },
      scales: {
        x: { time: false, distr: LOGARITHMIC, log: 2, range: [xs[0] / 1.2, xs[xs.length - 1] * 1.2] },
        y: { distr: LOGARITHMIC },
      },
      axes: [
        {
          ...axis,
          size: 34,
          splits: () => xs,
          values: (_plot, values) => values.map((value) => count(value)),
        },
        {
          ...axis,
          size: 60,
          values: (_plot, values: (number | null)[]) =>
            values.map((value) => (value === null ? '' : String(Number(value.toPrecision(1))))),
        },
      ],
      legend: { live: false },
      series: [
        { label: this.letter },
        ...this.#curves.map(({ name }, i) => ({
          label: cellText(name),
          stroke: colour(`--series-${i % DASHES.length}`),
          width: 2,
          dash: DASHES[i % DASHES.length],
          points: { show: true, size: 6 },
        })),
      ],
    };
    const data: uPlot.AlignedData = [
      xs,
      ...this.#curves.map(({ points }) => xs.map((x) => points.find((point) => point.x === x)?.ms ?? null)),
    ];
    this.#plot = new uPlot(options, data, this.#box);
  }
}
