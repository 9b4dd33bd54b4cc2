import { elementCount } from '../core/notation.js';
import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import type { Cell, CellKind } from './cells.js';

/**
 * The cells written from general ops, step by step, as anybody would write a cell of their own. Slow: some launches per time step.
 * The fused ops are checked against them and measured beside them.
 */
export const generalCells: Readonly<Record<CellKind, Cell>> = {
  rnn: {
    gates: 1,
    states: ['h'],
    apply(builder, label, { projected, weightHh, biasHh, initial, final, keep, nonlinearity, output }) {
      const [T, N, H] = projected.shape;
      const rows = builder.view(projected, [T * N, H]);
      let h = initial.h;
      if (keep) h = builder.apply(ops.scale_rows, `${label}.begin`, { x: h, scale: keep }).y;
      const steps: Tensor[] = [];
      for (let t = 0; t < T; t++) {
        const at = `${label}.${t}`;
        const x = builder.apply(ops.slice, `${at}.x`, { x: rows }, { start: t * N }, { S: N }).y;
        const recurrent = builder.apply(ops.linear, `${at}.product`, { x: h, weight: weightHh, ...(biasHh ? { bias: biasHh } : {}) }).y;
        const sum = builder.apply(ops.add, `${at}.sum`, { a: flat(builder, x), b: flat(builder, recurrent) }).y;
        const state = builder.apply(ops[nonlinearity], `${at}.h`, { x: sum }).y;
        h = builder.view(state, [N, H]);
        steps.push(h);
      }
      builder.apply(ops.slice, `${label}.final`, { x: h, y: final.h });
      const joined = joinRows(builder, `${label}.join`, steps, output && builder.view(output, [1, elementCount(output.shape)]));
      return builder.view(joined, [T, N, H]);
    },
  },
};

function flat(builder: GraphBuilder, tensor: Tensor): Tensor {
  return builder.view(tensor, [elementCount(tensor.shape)]);
}

/** Joins tensors one behind the other, pair by pair, so that each element is copied about log2 T times. */
function joinRows(builder: GraphBuilder, label: string, parts: readonly Tensor[], result?: Tensor): Tensor {
  let level = parts.map((part) => builder.view(part, [1, elementCount(part.shape)]));
  if (level.length === 1) return result ? builder.apply(ops.slice, `${label}.copy`, { x: level[0], y: result }).y : level[0];
  for (let depth = 0; level.length > 1; depth++) {
    const next: Tensor[] = [];
    for (let i = 0; i < level.length; i += 2) {
      if (i + 1 === level.length) next.push(level[i]);
      else next.push(builder.apply(ops.concat, `${label}.${depth}.${i}`, { a: level[i], b: level[i + 1], ...(level.length === 2 && result ? { y: result } : {}) }).y);
    }
    level = next;
  }
  return level[0];
}
