import type { Box, StripLayout } from './layout-parts.js';
import { r, set, svg } from './svg.js';
import type { Strip } from './shape.js';
import { levelClass, LEVELS, unitPaths } from './units.js';

/** The units of one cell after one step, as squares. */
export class CellSquares {
  readonly group = svg('g', { class: 'cell' });
  readonly #paths: readonly SVGPathElement[];
  readonly #layout: StripLayout;

  constructor(
    readonly box: Box,
    layout: StripLayout,
  ) {
    this.#layout = layout;
    const { part, layer, direction, step, x, y, width, height } = box;
    if (part === 'stack') {
      this.group.dataset.layer = String(layer);
      this.group.dataset.direction = String(direction);
      this.group.dataset.step = String(step);
    }
    this.#paths = Array.from({ length: 2 * LEVELS + 1 }, (_, i) =>
      svg('path', { class: levelClass(i - LEVELS) }),
    );
    this.group.append(
      svg('rect', {
        class: 'box',
        x: r(x - 1),
        y: r(y - 1),
        width: r(width + 2),
        height: r(height + 2),
        rx: 2,
      }),
      ...this.#paths,
    );
  }

  show(strip: Strip | undefined): void {
    const { part, layer, direction, step, x, y } = this.box;
    const values = strip?.states.at(layer)?.[direction]?.at(step)?.activations.h ?? [];
    const paths = unitPaths(values, this.#layout.grids[part], x, y);
    for (const [i, path] of this.#paths.entries()) set(path, 'd', paths[i]);
  }
}
