import type { UnitGrid } from './layout-parts.js';
import { r } from './svg.js';

/** Steps of colour on each side of zero, the same as in the tables of numbers. */
export const LEVELS = 5;

/**
 * Returns SVG paths of the units' squares by their step of colour, −5 to 5: one path per step, so
 * that 64 units need ten elements. Units at zero are in no path.
 * @param values of all units; those beyond the grid are left out
 * @param full the absolute value from which a colour is full
 * @returns paths by level + 5; empty for a level without units
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

/** Returns the step of colour of a number, −5 to 5; 0 for NaN. */
export function levelOf(value: number, full: number): number {
  const step = Math.round((Math.min(1, Math.abs(value) / full) || 0) * LEVELS);
  return value < 0 ? -step || 0 : step;
}

/** Returns the CSS class of a step of colour. */
export function levelClass(level: number): string {
  return level < 0 ? `minus level-${-level}` : `plus level-${level}`;
}
