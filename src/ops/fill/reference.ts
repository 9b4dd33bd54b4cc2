import type { Reference } from '../../plan/op.js';

/** y = value */
export const forward: Reference = ({ y }, { E }, { value }) => {
  y.fill(Number(value), 0, E);
};
