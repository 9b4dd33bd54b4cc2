import type { Program } from '../plan/device.js';
import { FACTS, type CellKind } from '../cells/facts.js';
import { cells } from '../cells/index.js';
import { savedName } from './layers-graph.js';
import { placesOf, stepsOf, type StackOptions } from './stack-options.js';

/**
 * Gates and states of every step, by layer, direction and name, each [T,N,H] with the layer's own
 * T, zero at padded steps. Gates are `CellFacts.savedGates` of the cell (an LSTM's i, f, g, o).
 * States are those after the step, before dropout.
 */
export type LayerTrace = readonly (readonly Readonly<Record<string, Float32Array>>[])[];

/**
 * Reads the tensors that forward saved in a program of `layersGraph`, and splits them by gate and
 * state.
 */
export async function readTrace(
  program: Program,
  stack: StackOptions,
  window: { readonly T: number; readonly N: number },
  lengths: ArrayLike<number> | undefined,
): Promise<LayerTrace> {
  const trace: Record<string, Float32Array>[][] = Array.from({ length: stack.layers }, () => []);
  const { N } = window;
  const { hidden: H, cell } = stack;
  for (const { l, direction } of placesOf(stack)) {
    const T = stepsOf(stack, l, window.T);
    const stepsOfRow = (n: number): number => (lengths ? stepsOf(stack, l, lengths[n]) : T);
    const saved: Record<string, Float32Array | undefined> = {};
    for (const name of Object.keys(cells[cell].saved({ T, N, H })))
      saved[name] = (await program.read(savedName(name, l, direction))) as Float32Array;
    trace[l].push(stepsOfSaved(cell, saved, { T, N, H }, direction === 1, stepsOfRow));
  }
  return trace;
}

/**
 * Splits the tensors that one fused op saved into gates and states, each [T,N,H].
 * @param saved tensors by contract name: `states` or `h`, and `gates`
 * @param stepsOfRow time steps of batch row n
 */
export function stepsOfSaved(
  cell: CellKind,
  saved: Readonly<Record<string, Float32Array | undefined>>,
  { T, N, H }: { readonly T: number; readonly N: number; readonly H: number },
  reverse: boolean,
  stepsOfRow: (n: number) => number,
): Record<string, Float32Array> {
  /** Copies H elements from index at(t, n) for each step and row; zero at padded steps. */
  const collect = (from: Float32Array, at: (t: number, n: number) => number): Float32Array => {
    const values = new Float32Array(T * N * H);
    for (let n = 0; n < N; n++) {
      for (let t = 0; t < stepsOfRow(n); t++) {
        const start = at(t, n);
        values.set(from.subarray(start, start + H), (t * N + n) * H);
      }
    }
    return values;
  };
  const traced: Record<string, Float32Array> = {};
  const { gates } = saved;
  if (gates) {
    const width = gates.length / (T * N);
    for (const [g, gate] of FACTS[cell].savedGates.entries())
      traced[gate] = collect(gates, (t, n) => (t * N + n) * width + g * H);
  }
  // A forward layer's step t writes row t + 1 of the states, a reverse one's row t − 1, or row T
  // at t = 0.
  const rowAfter = (t: number): number => (!reverse ? t + 1 : t === 0 ? T : t - 1);
  const states = (saved.states ?? saved.h) as Float32Array;
  for (const [s, state] of FACTS[cell].states.entries())
    traced[state] = collect(states, (t, n) => ((s * (T + 1) + rowAfter(t)) * N + n) * H);
  return traced;
}

/** Initial states [N,H] of a forward layer, by name, from the tensors that one fused op saved. */
export function statesBefore(
  cell: CellKind,
  saved: Readonly<Record<string, Float32Array | undefined>>,
  { T, N, H }: { readonly T: number; readonly N: number; readonly H: number },
): Record<string, Float32Array> {
  const states = (saved.states ?? saved.h) as Float32Array;
  return Object.fromEntries(
    FACTS[cell].states.map((state, s) => {
      const start = s * (T + 1) * N * H;
      return [state, states.slice(start, start + N * H)];
    }),
  );
}
