import type uPlot from 'uplot';
import { byId } from './dom.js';
import { count, figure } from './format.js';
import { whenNear } from './when-near.js';

/** A column of values to draw over the steps. */
export interface Line {
  /** Name of the custom CSS property with the colour. */
  readonly colour: string;
  readonly width: number;
  readonly dash?: number[];
  /** Draws single points instead of a line. */
  readonly points?: boolean;
  /** Joins points across gaps. */
  readonly joined?: boolean;
}

export interface ChartOptions {
  readonly height: number;
  readonly lines: readonly Line[];
  /** The values are decimal logarithms: the axis shows the powers of ten. */
  readonly logarithmic?: boolean;
  /** Returns the lower and upper end of the vertical axis. */
  readonly range: (min: number, max: number) => [number, number];
}

/**
 * Columns: the steps, then one for each line. null makes a gap; undefined has no point, but the
 * line continues.
 */
export type Columns = readonly [readonly number[], ...(readonly (number | null | undefined)[])[]];

/**
 * A chart of live columns over the steps. It is drawn at most once per animation frame. The chart
 * library is loaded when the chart comes near the window.
 */
export class Chart {
  readonly #box: HTMLElement;
  #library: typeof uPlot | undefined;
  #plot: uPlot | undefined;
  #columns: Columns;
  #marked: number | undefined;
  /** What the next animation frame draws. */
  #next: { readonly columns: () => Columns; readonly label: () => string } | undefined;

  constructor(
    id: string,
    readonly options: ChartOptions,
  ) {
    this.#box = byId(id, HTMLElement);
    this.#columns = [[], ...options.lines.map(() => [])];
    whenNear(this.#box, () => void this.#load());
    new ResizeObserver(() => {
      this.#plot?.setSize({ width: this.#box.clientWidth, height: options.height });
      this.#markAgain();
    }).observe(this.#box);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#build();
      this.#markAgain();
    });
  }

  /**
   * Draws in the next animation frame. A later call before that frame replaces this one.
   * @param label describes the chart in words
   */
  show(columns: () => Columns, label: () => string): void {
    if (!this.#next) requestAnimationFrame(() => this.#draw());
    this.#next = { columns, label };
  }

  /** Marks a step by a vertical line; undefined removes the mark. */
  mark(step: number | undefined): void {
    this.#marked = step;
    this.#showMark();
  }

  /**
   * A new or resized chart has no mark and lays itself out before the next frame, so mark it again
   * then.
   */
  #markAgain(): void {
    if (this.#marked !== undefined) requestAnimationFrame(() => this.#showMark());
  }

  async #load(): Promise<void> {
    const { uPlot: library } = await import('./chart-library.js');
    this.#library = library;
    this.#build();
    if (this.#marked !== undefined) this.#showMark();
  }

  #showMark(): void {
    const plot = this.#plot;
    if (!plot) return;
    const left = this.#marked === undefined ? -10 : plot.valToPos(this.#marked, 'x');
    plot.setCursor({ left, top: left < 0 ? -10 : 0 }, false);
  }

  #draw(): void {
    if (!this.#next) return;
    const { columns, label } = this.#next;
    this.#next = undefined;
    this.#columns = columns();
    this.#box.setAttribute('aria-label', label());
    if (this.#plot) this.#plot.setData(this.#columns as uPlot.AlignedData);
    else this.#build();
    if (this.#marked !== undefined) this.#showMark();
  }

  #build(): void {
    const Plot = this.#library;
    if (!Plot) return;
    this.#plot?.destroy();
    const { height, lines, logarithmic = false, range } = this.options;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--grid'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    const series = lines.map((line): uPlot.Series => ({
      stroke: colour(line.colour),
      width: line.points ? 0 : line.width,
      ...(line.dash ? { dash: line.dash } : {}),
      spanGaps: line.joined ?? false,
      points: line.points
        ? { show: true, size: line.width, fill: colour(line.colour), width: 0 }
        : { show: line.joined ?? false, size: 6, fill: colour(line.colour) },
    }));
    this.#plot = new Plot(
      {
        width: this.#box.clientWidth,
        height,
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
        scales: {
          x: { time: false, range: (_plot, _min, max) => [0, Math.max(10, max || 0)] },
          y: { range: (_plot, min, max) => range(min, max) },
        },
        axes: [
          { ...axis, size: 34, values: (_plot, values) => values.map(count) },
          {
            ...axis,
            size: 52,
            ...(logarithmic
              ? { incrs: [1, 2, 3, 5], values: (_plot: uPlot, values: number[]) => values.map(powerOfTen) }
              : {}),
          },
        ],
        series: [{}, ...series],
      },
      this.#columns as uPlot.AlignedData,
      this.#box,
    );
  }
}

/**
 * Returns the ends of an axis for norms whose logarithms lie between `min` and `max`: whole powers
 * of ten, at least four apart, so that a level line does not look steep.
 */
export function rangeOfNorms(min: number, max: number): [number, number] {
  const high = Number.isFinite(max) ? Math.ceil(max) : 0;
  const low = Number.isFinite(min) ? Math.floor(min) : high - 4;
  return [Math.min(low, high - 4), high];
}

/** Formats a power of ten: 0.001, and smaller ones as 1e-4. */
function powerOfTen(exponent: number): string {
  return Math.abs(exponent) > 3 ? `1e${exponent}` : figure(10 ** exponent);
}
