import type { CellFacts } from './cell-facts.js';
import { gru } from './gru/facts.js';
import { lstm } from './lstm/facts.js';
import { mingru } from './mingru/facts.js';
import { minlstm } from './minlstm/facts.js';
import { rnn } from './rnn/facts.js';

const facts = { rnn, lstm, gru, mingru, minlstm } as const;

/** Names of the recurrent cells. */
export type CellKind = keyof typeof facts;
export const CELLS = Object.keys(facts) as readonly CellKind[];

/** Facts of all cells, by name. */
export const FACTS: Readonly<Record<CellKind, CellFacts>> = facts;

/** Names of each cell's gates, in the order of their blocks; see `CellFacts.gates`. */
export const GATES = Object.fromEntries(CELLS.map((cell) => [cell, FACTS[cell].gates])) as Readonly<
  Record<CellKind, readonly string[]>
>;

/** Cells that Keras and ONNX have too. */
export type CommonCell = {
  [K in CellKind]: (typeof facts)[K] extends { readonly keras: unknown; readonly onnx: unknown } ? K : never;
}[CellKind];

const isCommon = (cell: CellKind): cell is CommonCell =>
  FACTS[cell].keras !== undefined && FACTS[cell].onnx !== undefined;
export const COMMON_CELLS: readonly CommonCell[] = CELLS.filter(isCommon);

/** Facts of the common cells; all of them have `keras` and `onnx`. */
export const COMMON_FACTS: Readonly<
  Record<CommonCell, CellFacts & Required<Pick<CellFacts, 'keras' | 'onnx'>>>
> = facts;

/** Whether the cell's gates also read the state, so that it has weight_hh. */
export function hasRecurrentWeights(cell: CellKind): boolean {
  return FACTS[cell].recurrentWeights;
}
