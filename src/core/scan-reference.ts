import type { NumberArray } from './arrays.js';
import type { Dims } from './notation.js';
import { initialState, walkOf } from './recurrence.js';

type Arrays = Readonly<Record<string, NumberArray>>;
type Settings = Readonly<Record<string, string | number | boolean>>;

/** One unit of a cell whose gates read the input alone, at one step that is not padding. */
export interface ScanUnit {
  /** Number of gates: blocks of H units in a row of `projected` and of `gates`. */
  readonly blocks: number;
  /** @param a the unit's projected inputs, a = W_ih·x_t + b_ih, by block @returns its gates */
  open(a: readonly number[]): readonly number[];
  /** @returns h_t */
  step(gates: readonly number[], before: number): number;
  /**
   * @param gradient dh_t
   * @returns `da`: the gradients of `a`, by block; `share`: ∂h_t/∂h_{t−1}
   */
  back(
    gates: readonly number[],
    before: number,
    gradient: number,
  ): { readonly da: readonly number[]; readonly share: number };
}

/** A phase of a reference, with the type that `Reference` of src/plan/op.ts has. */
type Phase = (tensors: Arrays, dims: Dims, attributes: Settings) => void;

/** The references of a cell whose gates read the input alone, from its unit. */
export function scanReference(unit: ScanUnit): { readonly forward: Phase; readonly backward: Phase } {
  return {
    forward: (tensors, dims, attributes) => forward(unit, tensors, dims, attributes),
    backward: (tensors, dims, attributes) => backward(unit, tensors, dims, attributes),
  };
}

/**
 * The unit over a window: y_t = d_t ⊙ h_t, with d_t the mask of the outputs (1 without dropout). At
 * padding y_t = 0, h_t = h_{t−1}, and the gates are 0.
 */
function forward(unit: ScanUnit, tensors: Arrays, dims: Dims, attributes: Settings): void {
  const { projected, h0, h0_learned, keep, y, hn, h, gates } = tensors;
  const { T, N, H } = dims;
  const walk = walkOf(tensors, dims, attributes);
  const places = Array.from({ length: unit.blocks }, (_, block) => block * H);
  for (let i = 0; i < N * H; i++) h[walk.steps[0] * N * H + i] = initialState(i, dims, h0, keep, h0_learned);
  for (const t of walk.steps) {
    for (let i = 0; i < N * H; i++) {
      const n = Math.floor(i / H);
      const at = t * N * H + i;
      const gate = (t * N + n) * unit.blocks * H + (i % H);
      const after = walk.rowAfter(t) * N * H + i;
      if (walk.isPadding(t, n)) {
        for (const place of places) gates[gate + place] = 0;
        h[after] = h[at];
        y[at] = 0;
        continue;
      }
      const opened = unit.open(places.map((place) => projected[gate + place]));
      for (const [block, place] of places.entries()) gates[gate + place] = opened[block];
      h[after] = unit.step(opened, h[at]);
      y[at] = walk.outputFactor(at) * h[after];
    }
  }
  hn.set(h.subarray(T * N * H, (T + 1) * N * H));
}

/**
 * The gradients of a window:
 *   dh_t = d_t ⊙ dy_t + share_{t+1} ⊙ dh_{t+1} [+ dhn at the row's end],   dh0 = keep · share_0 ⊙ dh_0
 * No gradient flows from or into padded steps. A row with keep = 0 passes its dh0 to the learned
 * initial state.
 */
function backward(unit: ScanUnit, tensors: Arrays, dims: Dims, attributes: Settings): void {
  const { keep, h, gates, dy, dhn, dh, dprojected, dh0, dh0_learned } = tensors;
  const { N, H } = dims;
  const walk = walkOf(tensors, dims, attributes);
  const places = Array.from({ length: unit.blocks }, (_, block) => block * H);
  const flowing = new Float64Array(N * H);
  if (dhn) flowing.set(dhn);
  for (const t of [...walk.steps].reverse()) {
    for (let i = 0; i < N * H; i++) {
      const n = Math.floor(i / H);
      const at = t * N * H + i;
      const gate = (t * N + n) * unit.blocks * H + (i % H);
      if (walk.isPadding(t, n)) {
        if (dh) dh[at] = 0;
        if (dprojected) for (const place of places) dprojected[gate + place] = 0;
        continue;
      }
      const gradient = (dy ? walk.outputFactor(at) * dy[at] : 0) + flowing[i];
      const opened = places.map((place) => gates[gate + place]);
      const { da, share } = unit.back(opened, h[at], gradient);
      if (dh) dh[at] = gradient;
      if (dprojected) for (const [block, place] of places.entries()) dprojected[gate + place] = da[block];
      flowing[i] = share * gradient;
    }
  }
  if (dh0) for (let i = 0; i < N * H; i++) dh0[i] = flowing[i] * (keep ? keep[Math.floor(i / H)] : 1);
  if (dh0_learned) {
    dh0_learned.fill(0);
    if (keep)
      for (let i = 0; i < N * H; i++) if (keep[Math.floor(i / H)] === 0) dh0_learned[i % H] += flowing[i];
  }
}
