import type { Arrow, Box, Column, GradientArrow, Part, UnitGrid } from './layout-parts.js';
import type { StackShape } from './shape.js';
import { r } from './svg.js';

/** Height of an arrow between two layers. */
export const ARROW = 16;
/** Most units that are drawn of one place. */
export const MOST_UNITS = 64;

/** Returns the grid of the units of one place within its box. */
export function unitGrid(hidden: number, width: number): UnitGrid {
  const shown = Math.min(hidden, MOST_UNITS);
  const columns = shown <= 6 ? 1 : shown <= 16 ? 2 : shown <= 36 ? 4 : 8;
  return { shown, columns, size: Math.max(1, Math.min(14, Math.floor((4 * width) / columns) / 4)) };
}

/** Boxes of recurrent layers over their steps, and the arrows between them. */
export interface StackLayout {
  readonly boxes: Box[];
  readonly arrows: Arrow[];
  readonly gradients: GradientArrow[];
  readonly grid: UnitGrid;
  readonly height: number;
  /** Upper edge of the last layer, lower edge of the first. */
  readonly top: number;
  readonly bottom: number;
}

/** @param y upper edge of the last layer */
export function stackBoxes(
  part: Part,
  shape: StackShape,
  columns: readonly Column[],
  columnWidth: number,
  y: number,
): StackLayout {
  const { hidden, layers, directions, cell, pyramidal = false } = shape;
  const grid = unitGrid(hidden, Math.max(4, columnWidth * 0.66));
  const [width, inner] = [grid.columns * grid.size, Math.ceil(grid.shown / grid.columns) * grid.size];
  const belt = cell.states.includes('c') ? 12 : 0;
  const height = inner + belt;
  const layerHeight = directions * height + (directions - 1) * 8;
  const total = layers * layerHeight + (layers - 1) * ARROW;
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  const gradients: GradientArrow[] = [];
  const [first, last] = [columns[0]?.step ?? 0, columns.at(-1)?.step ?? -1];
  for (let layer = 0; layer < layers; layer++) {
    const top = y + total - (layer + 1) * layerHeight - layer * ARROW;
    const span = pyramidal ? 2 ** layer : 1;
    const centre = (step: number): number => {
      const [from, to] = [step * span, Math.min(last, (step + 1) * span - 1)];
      return ((columns[from - first]?.x ?? 0) + (columns[to - first]?.x ?? 0)) / 2;
    };
    const steps = columns.length === 0 ? [] : range(Math.ceil(first / span), Math.floor(last / span));
    for (let d = 0; d < directions; d++) {
      const direction = d as 0 | 1;
      const boxTop = top + d * (height + 8) + belt;
      for (const [i, step] of steps.entries()) {
        const x = centre(step);
        boxes.push({ part, layer, direction, step, x: x - width / 2, y: boxTop, width, height: inner });
        if (i === 0) continue;
        const [left, right] = [centre(steps[i - 1]) + width / 2 + 1, x - width / 2 - 1];
        for (const state of cell.states.includes('c') ? (['c', 'h'] as const) : (['h'] as const)) {
          const at = state === 'c' ? boxTop - belt / 2 : boxTop + inner / 2;
          const [x1, x2] = state === 'c' ? [left - width / 2 + 3, right + width / 2 - 3] : [left, right];
          arrows.push({ kind: 'along', path: direction === 0 ? along(x1, x2, at) : along(x2, x1, at) });
          gradients.push({
            part,
            layer,
            direction,
            state,
            step: direction === 0 ? steps[i - 1] : step,
            // Opposite to the forward direction.
            ...(direction === 0 ? { x1: x2, x2: x1 } : { x1, x2 }),
            y: at,
          });
        }
      }
    }
    if (layer === 0) continue;
    const [from, to] = [top + layerHeight + ARROW, top + layerHeight];
    if (!pyramidal) for (const { x } of columns) arrows.push(up(x, from, to));
    else
      for (const step of steps) {
        const below = [2 * step, 2 * step + 1];
        const half = span / 2;
        for (const one of below) {
          const at = columns.filter(({ step: base }) => Math.floor(base / half) === one);
          if (at.length === 0) continue;
          const x = (at[0].x + at[at.length - 1].x) / 2;
          arrows.push({ kind: 'join', path: `M${r(x)} ${r(from)}L${r(centre(step))} ${r(to + 2)}` });
        }
      }
  }
  return { boxes, arrows, gradients, grid, height: total, top: y, bottom: y + total };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/** Returns an arrow up through the layers. */
export function up(x: number, from: number, to: number): Arrow {
  return {
    kind: 'up',
    path: `M${r(x)} ${r(from)}V${r(to + 2)}m-3 4l3 -4l3 4`,
  };
}

function along(x1: number, x2: number, y: number): string {
  const back = x2 > x1 ? -1 : 1;
  return `M${r(x1)} ${r(y)}H${r(x2)}m${4 * back} -3l${-4 * back} 3l${4 * back} 3`;
}
