import { elementCount } from '../core/notation.js';
import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import { present, type Tensor } from '../plan/tensor.js';
import type { Cell, CellInputs, CellRecord } from './cell.js';
import { Expressions } from './expressions.js';

/**
 * The general form of a cell: its step from general ops, unrolled over the window. It is slow, with
 * several launches for each time step. Tests check the fused ops against it, and the benchmark
 * compares their times.
 */
export function generalCell({ facts, step }: CellRecord): Cell {
  return {
    saved: () => ({}),
    apply: (builder, label, inputs) => unroll(builder, label, facts.states, step, inputs),
  };
}

/** Unrolls a cell's step over the window. @returns outputs of all steps [T,N,H] */
function unroll(
  builder: GraphBuilder,
  label: string,
  names: readonly string[],
  makeStep: CellRecord['step'],
  inputs: CellInputs,
): Tensor {
  const { projected, keep, lengths, learned, reverse } = inputs;
  const [T, N, rows] = projected.shape;
  const e = new Expressions(builder, label);
  const step = makeStep(e, inputs);
  const all = builder.view(projected, [T * N, rows]);
  let states = Object.fromEntries(
    names.map((name) => [name, initialState(e, inputs.initial[name], keep, learned[name])]),
  );
  const H = states.h.shape[1];
  const outputs = Array<Tensor>(T);
  for (let i = 0; i < T; i++) {
    const t = reverse ? T - 1 - i : i;
    const x = e.rows(all, t * N, N);
    const operand = dropped(e, states.h, inputs, true);
    const next = step(x, states, operand);
    states = lengths
      ? Object.fromEntries(names.map((name) => [name, e.choose(next[name], states[name], lengths, t)]))
      : next;
    outputs[t] = lengths ? e.choose(next.h, undefined, lengths, t) : next.h;
  }
  for (const name of names)
    if (inputs.final[name])
      builder.apply(ops.slice, e.label(`${name}n`), { x: states[name], y: inputs.final[name] });

  const drops = inputs.key !== undefined && inputs.dropout > 0;
  const joined = joinRows(builder, `${label}.join`, outputs, drops ? undefined : inputs.output);
  return dropped(e, builder.view(joined, [T, N, H]), inputs, false, inputs.output);
}

/** The state at the start of the window: keep·initial + (1 − keep)·learned, [N,H]. */
function initialState(
  e: Expressions,
  initial: Tensor,
  keep: Tensor | undefined,
  learned: Tensor | undefined,
): Tensor {
  if (!keep) return initial;
  const [N, H] = initial.shape;
  const carried = e.scaleRows(initial, keep);
  if (!learned) return carried;
  // (1 − keep)·learnedᵀ, a product with inner length 1
  const reset = e.view(e.affine(keep, -1, 1), [N, 1]);
  return e.add(carried, e.linear(reset, e.view(learned, [H, 1])));
}

/** x after dropout of its kind; x itself where the rate is 0 or dropout is off. */
function dropped(
  e: Expressions,
  x: Tensor,
  { key, dropout, recurrentDropout, site }: CellInputs,
  recurrent: boolean,
  place?: Tensor,
): Tensor {
  const rate = recurrent ? recurrentDropout : dropout;
  return key && rate > 0 ? e.dropout(x, key, { rate, site, recurrent }, place) : x;
}

/**
 * Joins tensors one after another into [1,E]. Pairs are joined, then pairs of pairs, so that each
 * element is copied about log2 T times.
 * @param place receives the result; default: an intermediate
 */
export function joinRows(
  builder: GraphBuilder,
  label: string,
  parts: readonly Tensor[],
  place?: Tensor,
): Tensor {
  const flat = (tensor: Tensor): Tensor => builder.view(tensor, [1, elementCount(tensor.shape)]);
  const result = place && flat(place);
  let level = parts.map(flat);
  if (level.length === 1)
    return builder.apply(
      ops.slice,
      `${label}.copy`,
      present({ x: level[0], y: result }),
      {},
      { S: level[0].shape[0] },
    ).y;
  for (let depth = 0; level.length > 1; depth++) {
    const next: Tensor[] = [];
    for (let i = 0; i < level.length; i += 2) {
      if (i + 1 === level.length) next.push(level[i]);
      else
        next.push(
          builder.apply(
            ops.concat,
            `${label}.${depth}.${i}`,
            present({ a: level[i], b: level[i + 1], y: level.length === 2 ? result : undefined }),
          ).y,
        );
    }
    level = next;
  }
  return level[0];
}
