import { dropoutFactor } from '../../core/dropout.js';
import type { NumberArray } from '../../core/arrays.js';
import type { Reference } from '../../plan/op.js';
import type { Attributes } from '../../plan/planner.js';

/** y = mask ⊙ x; a dropped element is 0 even where x is NaN or infinite */
export const forward: Reference = ({ x, key, y }, { E }, attributes) => mask(x, key, y, E, attributes);

/** dx = mask ⊙ dy, with the same mask */
export const backward: Reference = ({ key, dy, dx }, { E }, attributes) => mask(dy, key, dx, E, attributes);

function mask(
  from: NumberArray,
  key: NumberArray,
  to: NumberArray,
  E: number,
  { rate, site, recurrent }: Attributes,
): void {
  const place = { key, site: Number(site), recurrent: recurrent === true, rate: Number(rate) };
  for (let e = 0; e < E; e++) {
    const factor = dropoutFactor(place, e);
    to[e] = factor === 0 ? 0 : factor * from[e];
  }
}
