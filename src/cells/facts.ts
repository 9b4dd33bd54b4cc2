import type { CellFacts } from './cell-facts.js';
import { gru } from './gru/facts.js';
import { lstm } from './lstm/facts.js';
import { mingru } from './mingru/facts.js';
import { minlstm } from './minlstm/facts.js';
import { rnn } from './rnn/facts.js';

const facts = { rnn, lstm, gru, mingru, minlstm } as const;

/** Recurrent cells that the library has. */
export type CellKind = keyof typeof facts;
export const CELLS = Object.keys(facts) as readonly CellKind[];

/** Facts of all cells. They import no op, so that readers of other programs' files can have them. */
export const FACTS: Readonly<Record<CellKind, CellFacts>> = facts;

/** Names of every cell's gates, in the order of their blocks: see `CellFacts.gates`. */
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

/** Their facts, in which none of it is missing. */
export const COMMON_FACTS: Readonly<
  Record<CommonCell, CellFacts & Required<Pick<CellFacts, 'keras' | 'onnx'>>>
> = facts;

/** Cells whose gates also see the state: those that have weight_hh. */
export function hasRecurrentWeights(cell: CellKind): boolean {
  return FACTS[cell].recurrentWeights;
}
