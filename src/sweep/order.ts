import { OptionError } from '../core/errors.js';
import { pcg4d, STREAM } from '../core/random.js';
import { gridValues, valueAt, type Parameter } from './parameters.js';
import { SOBOL_DIMENSIONS, sobolBits } from './sobol.js';
import type { Point, Value } from './trial.js';

/** Orders in which points are tried. */
export const ORDERS = ['grid', 'random', 'sobol'] as const;
export type Order = (typeof ORDERS)[number];

/** Points by their number. Each is computed from its number, so a sweep needs no list of them. */
export interface Points {
  readonly count: number;
  at(index: number): Point;
}

/**
 * Returns the points of a sweep. `grid` has all combinations, the last parameter changing fastest.
 * `random` draws each value independently. `sobol` uses Sobol's sequence from its second point on
 * (the first is a corner), shifted by an exclusive or if the seed is not 0.
 * @param points number of points of `random` and `sobol`
 * @throws OptionError
 */
export function pointsOf(
  parameters: Readonly<Record<string, Parameter>>,
  order: Order,
  seed: number,
  points: number | undefined,
): Points {
  const entries = Object.entries(parameters);
  if (order === 'grid') return gridPoints(entries, points);
  if (points === undefined)
    throw new OptionError('points', points, `the number of points of the order ${order}`);
  if (order === 'sobol' && entries.length > SOBOL_DIMENSIONS)
    throw new OptionError('order', order, `random or grid with more than ${SOBOL_DIMENSIONS} parameters`);
  const bits = order === 'sobol' ? sobolPlace : randomPlace;
  return {
    count: points,
    at: (index) =>
      Object.fromEntries(
        entries.map(([name, parameter], i) => [name, valueAt(parameter, bits(seed, index, i) / 2 ** 32)]),
      ),
  };
}

function randomPlace(seed: number, index: number, dimension: number): number {
  return pcg4d(seed, STREAM.sweep, index, dimension)[0];
}

function sobolPlace(seed: number, index: number, dimension: number): number {
  const shift = seed === 0 ? 0 : pcg4d(seed, STREAM.sweep, 0, dimension)[0];
  return (sobolBits(index + 1, dimension) ^ shift) >>> 0;
}

function gridPoints(entries: readonly (readonly [string, Parameter])[], points: number | undefined): Points {
  if (points !== undefined)
    throw new OptionError('points', points, 'nothing with order grid, which takes every combination');
  const values = entries.map(([name, parameter]): readonly Value[] => gridValues(name, parameter));
  return {
    count: values.reduce((product, { length }) => product * length, 1),
    at(index) {
      const point: Record<string, Value> = {};
      let rest = index;
      for (let i = entries.length - 1; i >= 0; i--) {
        point[entries[i][0]] = values[i][rest % values[i].length];
        rest = Math.floor(rest / values[i].length);
      }
      // In the order of the parameters, as in tables.
      return Object.fromEntries(entries.map(([name]) => [name, point[name]]));
    },
  };
}
