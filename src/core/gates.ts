/**
 * Names of every cell's gates, in the order in which their blocks of H rows lie in weights and
 * biases: PyTorch's order, where PyTorch has the cell.
 */
export const GATES = {
  rnn: ['h'],
  lstm: ['i', 'f', 'g', 'o'],
  gru: ['r', 'z', 'n'],
  mingru: ['z', 'h'],
  minlstm: ['f', 'i', 'h'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A cell whose gates are known. */
export type GatedCell = keyof typeof GATES;

/** Cells whose gates also see the state: those that have weight_hh. */
export function hasRecurrentWeights(cell: GatedCell): boolean {
  return cell !== 'mingru' && cell !== 'minlstm';
}
