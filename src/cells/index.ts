import type { GraphBuilder } from '../plan/graph.js';
import type { Cell, CellRecord } from './cell.js';
import type { CellKind } from './facts.js';
import { fusedAttentionDecoder, type AttentionDecoder } from './fused-attention.js';
import { fusedCell } from './fused.js';
import { generalCell } from './general.js';
import {
  generalAttentionDecoder,
  type AttentionDecoderInputs,
  type AttentionDecoderResults,
} from './general-attention.js';
import { gru } from './gru/index.js';
import { lstm } from './lstm/index.js';
import { mingru } from './mingru/index.js';
import { minlstm } from './minlstm/index.js';
import { rnn } from './rnn/index.js';

/**
 * Records of all cells. To add one: a folder with its facts and its record, a line here, and a line
 * in facts.ts; see docs/extending.md.
 */
const records: Readonly<Record<CellKind, CellRecord>> = { rnn, lstm, gru, mingru, minlstm };

function inForm(form: (record: CellRecord) => Cell): Readonly<Record<CellKind, Cell>> {
  return Object.fromEntries(Object.entries(records).map(([kind, record]) => [kind, form(record)])) as Record<
    CellKind,
    Cell
  >;
}

/** The fused form of each cell: one op over the whole window. */
export const cells = inForm(fusedCell);

/** Decoders with additive attention as one op; undefined for a cell that has none. */
export const attentionDecoders = Object.fromEntries(
  Object.entries(records).map(([kind, record]) => [kind, fusedAttentionDecoder(record)]),
) as Readonly<Record<CellKind, AttentionDecoder | undefined>>;

/** Decoders with additive attention from general ops; every cell has one. */
export const generalAttentionDecoders = Object.fromEntries(
  Object.entries(records).map(([kind, record]) => [
    kind,
    (builder: GraphBuilder, label: string, inputs: AttentionDecoderInputs) =>
      generalAttentionDecoder(builder, label, record, inputs),
  ]),
) as Readonly<
  Record<
    CellKind,
    (builder: GraphBuilder, label: string, inputs: AttentionDecoderInputs) => AttentionDecoderResults
  >
>;

/** The general form of each cell: its step from general ops. */
export const generalCells = inForm(generalCell);
