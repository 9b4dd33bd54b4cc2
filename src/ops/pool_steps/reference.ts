import type { Reference } from '../../plan/op.js';

/** y[n,c] = Σ_{t < lengths[n]} x[t,n,c] / lengths[n] */
const meanForward: Reference = ({ x, lengths, y }, { T, N, C }) => {
  for (let n = 0; n < N; n++) {
    const length = lengths ? lengths[n] : T;
    for (let c = 0; c < C; c++) {
      let sum = 0;
      for (let t = 0; t < length; t++) sum += x[(t * N + n) * C + c];
      y[n * C + c] = sum / length;
    }
  }
};

/** dx[t,n,c] = dy[n,c] / lengths[n] for t < lengths[n], else 0 */
const meanBackward: Reference = ({ lengths, dy, dx }, { T, N, C }) => {
  for (let t = 0; t < T; t++) {
    for (let n = 0; n < N; n++) {
      const length = lengths ? lengths[n] : T;
      for (let c = 0; c < C; c++) dx[(t * N + n) * C + c] = t < length ? dy[n * C + c] / length : 0;
    }
  }
};

/** Mean over the first lengths[n] steps of each row. */
export const mean = { forward: meanForward, backward: meanBackward };

/** y[n,c] = max_{t < lengths[n]} x[t,n,c], and place[n,c] = the first step that has it */
const maxForward: Reference = ({ x, lengths, y, place }, { T, N, C }) => {
  for (let n = 0; n < N; n++) {
    const length = lengths ? lengths[n] : T;
    for (let c = 0; c < C; c++) {
      let best = 0;
      for (let t = 1; t < length; t++) if (x[(t * N + n) * C + c] > x[(best * N + n) * C + c]) best = t;
      y[n * C + c] = x[(best * N + n) * C + c];
      place[n * C + c] = best;
    }
  }
};

/** dx[t,n,c] = dy[n,c] at the step of the largest element, else 0 */
const maxBackward: Reference = ({ place, dy, dx }, { T, N, C }) => {
  for (let t = 0; t < T; t++) for (let i = 0; i < N * C; i++) dx[t * N * C + i] = t === place[i] ? dy[i] : 0;
};

/** The largest of the first lengths[n] steps of each row, for each column. */
export const max = { forward: maxForward, backward: maxBackward };
