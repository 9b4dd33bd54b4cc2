import { create } from '../page/dom.js';

/** One bar of a chart. */
export interface Bar {
  readonly group: string;
  readonly name: string;
  readonly value: number;
  /** The value as written beside the bar. */
  readonly text: string;
  /** Index in the palette. */
  readonly colour: number;
}

const SVG = 'http://www.w3.org/2000/svg';
/**
 * Width and height in units of the drawing: bars stretch with the page, texts stand beside them.
 */
const WIDTH = 1000;
const HEIGHT = 14;

/** The range of the bars, in the units of their values. */
export interface BarScale {
  readonly from: number;
  readonly to: number;
  /** Whether equal lengths are equal factors rather than equal differences. */
  readonly logarithmic: boolean;
}

/** The bar of the smallest value is at least so large a factor long, so that it can be seen. */
const LEAST_FACTOR = 2;

/**
 * Returns whole powers of ten, at least two decades. Then the same factor has the same length in
 * every chart, and nearly equal values have nearly equal bars.
 */
export function decades(values: readonly number[]): BarScale {
  const known = values.filter((value) => value > 0 && Number.isFinite(value));
  if (known.length === 0) return { from: 1, to: 100, logarithmic: true };
  const low = Math.floor(Math.log10(Math.min(...known) / LEAST_FACTOR));
  const high = Math.max(low + 2, Math.ceil(Math.log10(Math.max(...known))));
  return { from: 10 ** low, to: 10 ** high, logarithmic: true };
}

/** Returns a range from zero to `full`, or to the largest value if it is larger. */
export function fromZero(values: readonly number[], full: number): BarScale {
  return { from: 0, to: Math.max(full, ...values), logarithmic: false };
}

/** Returns the length of a value's bar, from 0 to 1. */
export function barLength(value: number, { from, to, logarithmic }: BarScale): number {
  const share = logarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return share > 0 ? share : 0;
}

/**
 * Makes bars in groups, one below the other, with name and value as text. All groups have the same
 * scale.
 */
export function barChart(label: string, bars: readonly Bar[], scale: BarScale): HTMLElement {
  const chart = create('div', 'bars');
  chart.setAttribute('role', 'group');
  chart.setAttribute('aria-label', label);
  let group: string | undefined;
  for (const bar of bars) {
    if (bar.group !== group) chart.append(create('p', 'bar-group', bar.group));
    group = bar.group;
    chart.append(
      create('span', 'bar-name', bar.name),
      drawing(barLength(bar.value, scale), bar.colour),
      create('span', 'bar-value', bar.text),
    );
  }
  return chart;
}

function drawing(length: number, colour: number): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  const bar = document.createElementNS(SVG, 'rect');
  bar.setAttribute('class', `bar-${colour}`);
  bar.setAttribute('width', String(Math.max(2, length * WIDTH)));
  bar.setAttribute('height', String(HEIGHT));
  svg.append(bar);
  return svg;
}
