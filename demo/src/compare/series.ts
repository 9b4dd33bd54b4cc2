import { create } from '../page/dom.js';
import type { Line } from '../page/chart.js';

/** Dashes of the runs' lines, which differ as well as their colours. */
const DASHES = [[], [9, 4], [2, 4]];

/** Returns the style of a run's curve. */
export function lineOf(run: number, joined = false): Line {
  return {
    colour: `--series-${run}`,
    width: 2,
    joined,
    ...(DASHES[run].length > 0 ? { dash: DASHES[run] } : {}),
  };
}

/** Returns the style of the curve of a run's cells: thick dots in its colour. */
export function cellLineOf(run: number): Line {
  return { colour: `--series-${run}`, width: 4, dash: [3, 4] };
}

/** Makes a piece of the run's line, to stand before its name. */
export function swatch(run: number): HTMLElement {
  const line = create('span', `swatch run-${run}`);
  line.ariaHidden = 'true';
  return line;
}
