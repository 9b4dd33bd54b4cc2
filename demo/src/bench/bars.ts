import { create } from '../dom.js';

/** One bar of a chart. */
export interface Bar {
  readonly group: string;
  readonly name: string;
  readonly value: number;
  /** The value as it is written beside the bar. */
  readonly text: string;
  /** Which colour of the palette, from 0. */
  readonly colour: number;
}

const SVG = 'http://www.w3.org/2000/svg';
/** Widths and heights in units of the drawing: bars stretch with the page, texts stand beside them. */
const WIDTH = 1000;
const HEIGHT = 14;

/**
 * Bars in groups, one below the other, with name and value as text.
 * @param logarithmic the shortest bar is a twentieth of the longest, and every factor has the same length; else bars begin at 0
 */
export function barChart(label: string, bars: readonly Bar[], logarithmic: boolean, most = Math.max(...bars.map(({ value }) => value))): HTMLElement {
  const chart = create('div', 'bars');
  chart.setAttribute('role', 'group');
  chart.setAttribute('aria-label', label);
  const least = Math.min(...bars.map(({ value }) => value));
  const share = (value: number): number => {
    if (!logarithmic) return value / most;
    return least === most ? 1 : 0.05 + (0.95 * Math.log(value / least)) / Math.log(most / least);
  };
  let group: string | undefined;
  for (const bar of bars) {
    if (bar.group !== group) chart.append(create('p', 'bar-group', bar.group));
    group = bar.group;
    chart.append(create('span', 'bar-name', bar.name), drawing(share(bar.value), bar.colour), create('span', 'bar-value', bar.text));
  }
  return chart;
}

function drawing(share: number, colour: number): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  const bar = document.createElementNS(SVG, 'rect');
  bar.setAttribute('class', `bar-${colour}`);
  bar.setAttribute('width', String(Math.max(2, Math.min(1, share) * WIDTH)));
  bar.setAttribute('height', String(HEIGHT));
  svg.append(bar);
  return svg;
}
