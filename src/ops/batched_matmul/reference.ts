import type { Dims } from '../../core/notation.js';
import type { Reference } from '../../plan/op.js';

type Place = (i: number, j: number) => number;

/** Places of the elements of one batch row in a tensor [B,·,N,columns]. */
const placesOf =
  (b: number, n: number, { N }: Dims) =>
  (rows: number, columns: number): Place =>
  (i, j) =>
    ((b * rows + i) * N + n) * columns + j;

/** Runs `product` for every batch row, with functions that make the places of its matrices. */
function eachBatchRow(dims: Dims, product: (places: (rows: number, columns: number) => Place) => void): void {
  for (let b = 0; b < dims.B; b++) for (let n = 0; n < dims.N; n++) product(placesOf(b, n, dims));
}

/** Writes c[i,j] = Σ_k term(i, j, k) over a matrix. */
function sums(
  c: Record<number, number>,
  at: Place,
  [rows, columns, inner]: readonly [number, number, number],
  term: (i: number, j: number, k: number) => number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += term(i, j, k);
      c[at(i, j)] = sum;
    }
  }
}

/** nn: c = a·b, da = dc·bᵀ, db = aᵀ·dc */
export const nn: { readonly forward: Reference; readonly backward: Reference } = {
  forward: ({ a, b, c }, dims) =>
    eachBatchRow(dims, (places) => {
      const { M, P, K } = dims;
      const [inA, inB] = [places(M, K), places(K, P)];
      sums(c, places(M, P), [M, P, K], (m, p, k) => a[inA(m, k)] * b[inB(k, p)]);
    }),
  backward: ({ a, b, dc, da, db }, dims) =>
    eachBatchRow(dims, (places) => {
      const { M, P, K } = dims;
      const [inA, inB, inC] = [places(M, K), places(K, P), places(M, P)];
      if (da) sums(da, inA, [M, K, P], (m, k, p) => dc[inC(m, p)] * b[inB(k, p)]);
      if (db) sums(db, inB, [K, P, M], (k, p, m) => a[inA(m, k)] * dc[inC(m, p)]);
    }),
};

/** nt: c = a·bᵀ, da = dc·b, db = dcᵀ·a */
export const nt: { readonly forward: Reference; readonly backward: Reference } = {
  forward: ({ a, b, c }, dims) =>
    eachBatchRow(dims, (places) => {
      const { M, P, K } = dims;
      const [inA, inB] = [places(M, K), places(P, K)];
      sums(c, places(M, P), [M, P, K], (m, p, k) => a[inA(m, k)] * b[inB(p, k)]);
    }),
  backward: ({ a, b, dc, da, db }, dims) =>
    eachBatchRow(dims, (places) => {
      const { M, P, K } = dims;
      const [inA, inB, inC] = [places(M, K), places(P, K), places(M, P)];
      if (da) sums(da, inA, [M, K, P], (m, k, p) => dc[inC(m, p)] * b[inB(p, k)]);
      if (db) sums(db, inB, [P, K, M], (p, k, m) => dc[inC(m, p)] * a[inA(m, k)]);
    }),
};

/** tn: c = aᵀ·b, da = b·dcᵀ, db = a·dc */
export const tn: { readonly forward: Reference; readonly backward: Reference } = {
  forward: ({ a, b, c }, dims) =>
    eachBatchRow(dims, (places) => {
      const { M, P, K } = dims;
      const [inA, inB] = [places(K, M), places(K, P)];
      sums(c, places(M, P), [M, P, K], (m, p, k) => a[inA(k, m)] * b[inB(k, p)]);
    }),
  backward: ({ a, b, dc, da, db }, dims) =>
    eachBatchRow(dims, (places) => {
      const { M, P, K } = dims;
      const [inA, inB, inC] = [places(K, M), places(K, P), places(M, P)];
      if (da) sums(da, inA, [K, M, P], (k, m, p) => b[inB(k, p)] * dc[inC(m, p)]);
      if (db) sums(db, inB, [K, P, M], (k, p, m) => a[inA(k, m)] * dc[inC(m, p)]);
    }),
};
