import { ShapeError } from './errors.js';

/**
 * The letters of dimensions in contracts, shape comments, error messages and docs. No other letters
 * are used. Arrays are row-major: the last index changes fastest. Read this file first in src/core.
 */
export const LEGEND = {
  T: 'time steps in a window',
  N: 'batch rows',
  C: 'input features',
  H: 'hidden units',
  V: 'vocabulary size',
  L: 'layers',
  D: 'directions, 1 or 2',
  G: 'gates: 1 RNN, 3 GRU, 4 LSTM, 2 minGRU, 3 minLSTM',
  W:
    'features of an output of recurrent layers: D*H, or H where directions are merged otherwise than by ' +
    'concat',
  R: 'rows: leading dimensions taken together, such as T·N',
  E: 'elements of a tensor of any shape',
  M: 'rows of a matrix product',
  P: 'columns of a matrix product',
  K: 'inner length of a matrix product',
  A: 'units of additive attention',
  I: 'rows of an image',
  J: 'columns of an image',
  Y: 'rows of windows over an image',
  X: 'columns of windows over an image',
  F: 'rows and columns of a filter',
  S: 'positions of a sequence or parts of a split',
  B:
    'blocks: partial sums of a reduction, the outer batch axis of a product or a permutation; hypotheses ' +
    'of a row of a beam search',
} as const;

/** A value for every letter that an op or a model uses, such as `{ T: 25, N: 1, H: 100 }`. */
export type Dims = Readonly<Record<string, number>>;

/**
 * A dimension as a contract writes it: a sum of products of whole numbers and letters, such as
 * `4H`, `T+1`, `R+S`, `T*N`.
 */
export type DimExpression = string;

interface Term {
  readonly factor: number;
  readonly letters: readonly string[];
}

const parsed = new Map<DimExpression, readonly Term[]>();

function parse(expression: DimExpression): readonly Term[] {
  let terms = parsed.get(expression);
  if (terms) return terms;
  terms = expression.split('+').map((part) => {
    const match = /^\s*(\d*)\s*\*?\s*((?:[A-Z](?:\s*\*\s*)?)*)\s*$/.exec(part);
    if (!match || (match[1] === '' && match[2] === ''))
      throw new ShapeError(`"${expression}" is not a dimension: write it like T, 4H, T+1 or T*N.`);
    return {
      factor: match[1] === '' ? 1 : Number(match[1]),
      letters: match[2].replace(/[^A-Z]/g, '').split(''),
    };
  });
  parsed.set(expression, terms);
  return terms;
}

/**
 * The value of a dimension: `T+1` with T = 25 is 26.
 * @throws ShapeError for a letter without a value
 */
export function evaluateDim(expression: DimExpression, dims: Dims): number {
  let sum = 0;
  for (const { factor, letters } of parse(expression)) {
    let product = factor;
    for (const letter of letters) {
      const value = dims[letter];
      if (value === undefined)
        throw new ShapeError(
          `Dimension ${letter} of "${expression}" has no value; known are ` +
            `${Object.keys(dims).join(', ') || 'none'}.`,
        );
      product *= value;
    }
    sum += product;
  }
  return sum;
}

/** The lengths of a shape: `['T+1','N','H']` with T = 25, N = 1, H = 100 is `[26, 1, 100]`. */
export function evaluateShape(shape: readonly DimExpression[], dims: Dims): number[] {
  return shape.map((expression) => evaluateDim(expression, dims));
}

/**
 * Solves `expression` = `value` for the one letter that `dims` does not have.
 * @returns the letter and its value; undefined if no letter or more than one is unknown, or if no
 *   whole number solves it
 */
export function solveDim(
  expression: DimExpression,
  value: number,
  dims: Dims,
): readonly [string, number] | undefined {
  let known = 0;
  let unknown: string | undefined;
  let coefficient = 0;
  for (const { factor, letters } of parse(expression)) {
    const open = letters.filter((letter) => dims[letter] === undefined);
    const product = letters.reduce((p, letter) => p * (dims[letter] ?? 1), factor);
    if (open.length === 0) known += product;
    else if (open.length > 1 || (unknown !== undefined && unknown !== open[0])) return undefined;
    else [unknown, coefficient] = [open[0], coefficient + product];
  }
  if (unknown === undefined || coefficient === 0) return undefined;
  const solution = (value - known) / coefficient;
  return Number.isInteger(solution) && solution >= 0 ? [unknown, solution] : undefined;
}

/** A shape in letters and numbers, for messages: `[T+1,N,H] = [26,1,100]`. */
export function formatShape(shape: readonly DimExpression[], dims: Dims): string {
  return `[${shape.join(',')}] = [${evaluateShape(shape, dims).join(',')}]`;
}

/** Number of elements of a shape; 1 for a scalar `[]`. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
