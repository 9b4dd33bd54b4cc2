import { create } from '../page/dom.js';
import type { Line } from '../page/chart.js';

/** Lines of runs differ in their dashes as well as in their colours. */
const DASHES = [[], [9, 4], [2, 4]];

/** How the curve of a run is drawn. */
export function lineOf(run: number, joined = false): Line {
  return {
    colour: `--series-${run}`,
    width: 2,
    joined,
    ...(DASHES[run].length > 0 ? { dash: DASHES[run] } : {}),
  };
}

/** The curve of the cells of a run: thick dots in its colour. */
export function cellLineOf(run: number): Line {
  return { colour: `--series-${run}`, width: 4, dash: [3, 4] };
}

/** A piece of the run's line, before its name. */
export function swatch(run: number): HTMLElement {
  const line = create('span', `swatch run-${run}`);
  line.ariaHidden = 'true';
  return line;
}
