import type { Reference } from '../../plan/op.js';

/** norm = √Σ squares; factor = min(1, clipNorm/(norm + 1e-6)), as in torch.nn.utils.clip_grad_norm_ */
export const forward: Reference = ({ partial, loss, report }, { B, R }, { clipNorm }) => {
  let sum = 0;
  for (let r = 0; r < R; r++) sum += loss[r];
  let squares = 0;
  let faults = 0;
  for (let b = 0; b < B; b++) {
    squares += partial[2 * b];
    faults += partial[2 * b + 1];
  }
  const fits = Number.isFinite(Math.fround(squares));
  const norm = fits ? Math.sqrt(squares) : Infinity;
  const finite = fits && faults === 0;
  const factor = Number(clipNorm) > 0 ? Math.min(1, Number(clipNorm) / (norm + 1e-6)) : 1;
  report[0] = sum;
  report[1] = norm;
  report[2] = finite ? 1 : 0;
  report[3] = finite ? factor : 0;
};
