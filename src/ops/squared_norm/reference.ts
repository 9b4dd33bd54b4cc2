import type { Reference } from '../../plan/op.js';

/**
 * partial[b] = (Σ x[i]², number of non-finite x[i]) over block b, which has the elements from b·span
 * to (b+1)·span − 1; span is E/B rounded up to a multiple of 64.
 */
export const forward: Reference = ({ x, partial }, { E, B }) => {
  const span = Math.ceil(E / B / 64) * 64;
  for (let b = 0; b < B; b++) {
    let squares = 0;
    let faults = 0;
    for (let i = b * span; i < Math.min(E, (b + 1) * span); i++) {
      if (Number.isFinite(x[i])) squares += x[i] * x[i];
      else faults++;
    }
    // Sums that exceed single precision are infinite on every device.
    partial[2 * b] = Number.isFinite(Math.fround(squares)) ? squares : Infinity;
    partial[2 * b + 1] = faults;
  }
};
