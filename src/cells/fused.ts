import { evaluateShape } from '../core/notation.js';
import type { Attributes } from '../plan/planner.js';
import { present } from '../plan/tensor.js';
import type { Cell, CellRecord } from './cell.js';

/** The fused form of a cell: one op computes the whole window. */
export function fusedCell({ op, facts, attributes: own = () => ({}) }: CellRecord): Cell {
  return {
    saved(dims) {
      const rows = Object.entries(op.tensors).filter(([, row]) => row.role === 'saved' && !row.optional);
      return Object.fromEntries(rows.map(([name, row]) => [name, evaluateShape(row.shape, dims)]));
    },
    apply(builder, label, inputs) {
      const [T, N] = inputs.projected.shape;
      const drops = inputs.key !== undefined;
      const recurrentDropout = drops ? inputs.recurrentDropout : 0;
      const dropout = drops ? inputs.dropout : 0;
      const initial = inputs.initial.h;
      const tensors = {
        projected: inputs.projected,
        weight_hh: inputs.weightHh,
        bias_hh: inputs.biasHh,
        keep: inputs.keep,
        lengths: inputs.lengths,
        key: dropout > 0 || recurrentDropout > 0 ? inputs.key : undefined,
        masked:
          recurrentDropout > 0
            ? builder.tensor('value', `${label}.masked`, [T + 1, N, initial.shape[1]])
            : undefined,
        y: inputs.output,
        ...Object.fromEntries(
          facts.states.flatMap((state) => [
            [`${state}0`, inputs.initial[state]],
            [`${state}n`, inputs.final[state]],
            [`${state}0_learned`, inputs.learned[state]],
          ]),
        ),
        ...inputs.inspected,
      };
      const attributes: Attributes = {
        ...own(inputs),
        ...activeAttributes({
          reverse: inputs.reverse,
          dropout,
          recurrentDropout,
          site: drops ? inputs.site : 0,
        }),
      };
      return builder.apply(op, label, present(tensors), attributes).y;
    },
  };
}

/**
 * The attributes that are neither 0 nor false. An op that lacks an attribute refuses it, even if it
 * is 0.
 */
export function activeAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== 0 && value !== false));
}
