import type { UnitGrid } from './layout-parts.js';
import { r } from './svg.js';

/** Steps of colour on each side of zero, as in the tables of numbers. */
export const LEVELS = 5;

/**
 * Squares of units by their step of colour, −5 to 5: a path for each, so that a place of 64 units
 * takes ten elements. Units that stand at zero are in no path.
 * @param values of all units; those that the grid has no room for are left out
 * @param full the size from which on a colour is full
 * @returns by level + 5; empty where there is none
 */
export function unitPaths(
  values: ArrayLike<number>,
  { shown, columns, size }: UnitGrid,
  x: number,
  y: number,
  full = 1,
): readonly string[] {
  const paths = Array<string>(2 * LEVELS + 1).fill('');
  const edge = r(size * (size >= 5 ? 0.9 : 1));
  for (let unit = 0; unit < Math.min(shown, values.length); unit++) {
    const level = levelOf(values[unit], full);
    if (level === 0) continue;
    const [column, row] = [unit % columns, Math.floor(unit / columns)];
    paths[level + LEVELS] += `M${r(x + column * size)} ${r(y + row * size)}h${edge}v${edge}h-${edge}z`;
  }
  return paths;
}

/** Step of colour of a number, from −5 to 5; 0 for what is no number. */
export function levelOf(value: number, full: number): number {
  const step = Math.round((Math.min(1, Math.abs(value) / full) || 0) * LEVELS);
  return value < 0 ? -step || 0 : step;
}

/** Class of a step of colour. */
export function levelClass(level: number): string {
  return level < 0 ? `minus level-${-level}` : `plus level-${level}`;
}
