import type { CellShape, Sum, Term } from './shape.js';
import { wordsOf } from '../words/parts.js';

const { terms } = await wordsOf('drawing');

type Numbers = ArrayLike<number>;

/** A recurrent layer in one direction, by PyTorch's names of its parameters. */
export interface GateWeights {
  /** Names of its gates in the order of their rows: `FACTS[cell].gates`. */
  readonly gates: readonly string[];
  readonly cell: Pick<CellShape, 'recurrentWeights'>;
  readonly hidden: number;
  /** [G·H,H], then [G·H] each. */
  readonly weightHh: Numbers | undefined;
  readonly biasIh: Numbers | undefined;
  readonly biasHh: Numbers | undefined;
  readonly nonlinearity: 'tanh' | 'relu';
  /** For a GRU: whether r is applied before or after the product with the state. */
  readonly reset: 'before' | 'after';
}

/** A number that the layer reads. */
export interface Input {
  readonly label: string;
  readonly value: number;
  /** Its weight in a row of the gates. */
  readonly weight: (row: number) => number;
}

/** Returns the weights of a column of a matrix, row by row. */
export function columnOf(matrix: Numbers, columns: number, column: number): Input['weight'] {
  return (row) => matrix[row * columns + column];
}

/** Inputs and results of one step. */
export interface GateMoment {
  readonly unit: number;
  readonly inputs: readonly Input[];
  /** [H] each, by name. */
  readonly activations: Readonly<Record<string, Numbers>>;
  /** The previous state, [H]. */
  readonly before: Numbers;
}

/**
 * Returns the terms of the gates and the candidate of one unit: each row of weights with its
 * inputs.
 */
export function gateSums(layer: GateWeights, { unit, inputs, activations, before }: GateMoment): Sum[] {
  const { gates, hidden: H, weightHh, biasIh, biasHh, reset } = layer;
  const { recurrentWeights } = layer.cell;
  const value = (name: string): number =>
    activations[name === 'h' && activations.candidate ? 'candidate' : name]?.[unit];
  // A GRU's candidate gets the state through the reset gate.
  const resets = gates.includes('r');
  return gates.map((name, g): Sum => {
    const row = g * H + unit;
    const isReset = resets && name === 'n';
    const behind = isReset && reset === 'after';
    const biases = [biasIh?.[row] ?? 0, biasHh?.[row] ?? 0];
    const states = (recurrentWeights && weightHh ? Array.from(before) : []).map((state, j): Term => ({
      label: terms.before(j + 1),
      weight: weightHh?.[row * H + j] ?? 0,
      value: isReset && reset === 'before' ? state * activations.r[j] : state,
    }));
    return {
      name: name === 'h' && !recurrentWeights ? 'candidate' : name,
      inputs: inputs.map(({ label, weight, value: read }) => ({ label, weight: weight(row), value: read })),
      states,
      bias: behind ? biases[0] : biases[0] + biases[1],
      ...(behind ? { factor: { name: 'r', value: value('r'), bias: biases[1] } } : {}),
      squash: squashOf(name, layer),
      result: value(name),
    };
  });
}

function squashOf(name: string, { cell, nonlinearity }: GateWeights): Sum['squash'] {
  if (name === 'h') return cell.recurrentWeights ? nonlinearity : 'none';
  return name === 'g' || name === 'n' ? 'tanh' : 'sigmoid';
}
