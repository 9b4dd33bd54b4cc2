import { dropoutStream, dropThreshold } from '../../core/dropout.js';
import { SCRATCH, type NativeArgument, type NativeCall } from '../../plan/native.js';
import type { Attributes, NativePlanner } from '../../plan/op.js';

/** Columns of a panel: results are cut between panels. */
const PANEL = 8;

/** Columns that a sum over rows takes at a time. */
const SUMMED_COLUMNS = 16;

/** One operand of a product: a tensor (or a part of one), its row length, and whether it is transposed. */
export interface Operand {
  readonly of: NativeArgument;
  readonly width: number;
  readonly transposed?: boolean;
}

/** c [M,P] = a·b, with a bias [P] added, or c itself. */
export interface Product {
  readonly a: Operand;
  readonly b: Operand;
  readonly c: NativeArgument;
  readonly M: number;
  readonly P: number;
  readonly K: number;
  /** A tensor that may be absent. */
  readonly bias?: string;
  readonly accumulate?: boolean;
}

/** A product is cut by rows, or by columns where there are more of them: each thread packs its own. */
export function nativeProduct({ a, b, c, M, P, K, bias, accumulate }: Product): NativeCall {
  const byColumns = P >= 2 * M && P >= 4 * PANEL;
  return {
    kernel: 'product',
    arguments: [
      ...[a.of, a.width, a.transposed ?? false],
      ...[b.of, b.width, b.transposed ?? false],
      ...[c, P],
      ...(accumulate ? [c, P] : [bias ?? 0, 0]),
      ...[M, P, K, byColumns, SCRATCH],
    ],
    split: byColumns ? { count: P, quantum: PANEL } : { count: M, quantum: 1 },
    work: 2 * M * P * K,
    scratch: { of: 'product_scratch', arguments: [] },
  };
}

/** A product for every batch row of [B,rows,N,columns]: c = or += a·b, or with transposed operands. */
export interface BatchedProduct {
  readonly a: Omit<Operand, 'width'>;
  readonly b: Omit<Operand, 'width'>;
  readonly c: NativeArgument;
  readonly B: number;
  readonly N: number;
  readonly M: number;
  readonly P: number;
  readonly K: number;
  readonly accumulate?: boolean;
}

/** Cut by batch rows. */
export function nativeBatchedProduct(product: BatchedProduct): NativeCall {
  const { a, b, c, B, N, M, P, K, accumulate = false } = product;
  return {
    kernel: 'batched_product',
    arguments: [
      ...[a.of, a.transposed ?? false, b.of, b.transposed ?? false],
      ...[c, accumulate, N, M, P, K, SCRATCH],
    ],
    split: { count: B * N, quantum: 1 },
    work: 2 * B * N * M * P * K,
    scratch: { of: 'product_scratch', arguments: [] },
  };
}

/** sums[p] (+)= Σ_r x[r,p], of `columns` columns in rows of `width`. */
export function nativeColumnSums(
  x: NativeArgument,
  width: number,
  sums: NativeArgument,
  columns: number,
  rows: number,
  accumulate: boolean,
): NativeCall {
  return {
    kernel: 'column_sums',
    arguments: [x, width, sums, accumulate, rows],
    split: { count: columns, quantum: SUMMED_COLUMNS },
    work: columns * rows,
  };
}

/** A call over rows of the result. `work` is for one row. */
export function overRows(
  kernel: string,
  parameters: readonly NativeArgument[],
  rows: number,
  work: number,
): NativeCall {
  return { kernel, arguments: parameters, split: { count: rows, quantum: 1 }, work: rows * work };
}

/** A call over elements of the result. */
export function overElements(
  kernel: string,
  parameters: readonly NativeArgument[],
  count: number,
  work = 1,
): NativeCall {
  return { kernel, arguments: parameters, split: { count, quantum: 64 }, work: count * work };
}

/** to[r] = or += from[r] for rows of `columns`. */
export function copyRows(
  to: Pick<Operand, 'of' | 'width'>,
  from: Pick<Operand, 'of' | 'width'>,
  rows: number,
  columns: number,
  accumulate = false,
): NativeCall {
  const parameters = [to.of, to.width, from.of, from.width, columns, accumulate];
  return overRows('copy_rows', parameters, rows, columns);
}

/** Zeros in all elements, unless what is there is added to. */
export function zeroUnless(accumulate: boolean, of: NativeArgument, count: number): readonly NativeCall[] {
  return accumulate ? [] : [overElements('zero', [of], count)];
}

/** Numbers of the functions in kernels/elements.ts. */
const FUNCTIONS = {
  add: 0,
  multiply: 1,
  divide: 2,
  affine: 3,
  tanh: 4,
  sigmoid: 5,
  relu: 6,
  tanhSlope: 7,
  sigmoidSlope: 8,
  reluSlope: 9,
  subtract: 10,
  fill: 11,
} as const;

/** Settings of `elementwise`. */
interface ElementOptions {
  readonly scale?: number;
  readonly shift?: number;
  readonly accumulate?: boolean;
}

/** y = or += f(a, b) over E elements; a function of one operand gets it twice. */
export function elementwise(
  name: keyof typeof FUNCTIONS,
  a: string,
  b: string,
  y: string,
  E: number,
  { scale = 1, shift = 0, accumulate = false }: ElementOptions = {},
): NativeCall {
  return overElements('elements', [FUNCTIONS[name], a, b, scale, shift, y, accumulate], E, 4);
}

/** A planner of an elementwise function with the output y. */
export const forwardElements =
  (name: keyof typeof FUNCTIONS, a: string, b = a): NativePlanner =>
  ({ dims: { E } }) => [elementwise(name, a, b, 'y', E)];

/** A planner of dx from dy and y. */
export const slopeElements =
  (name: keyof typeof FUNCTIONS): NativePlanner =>
  ({ dims: { E }, accumulate }) => [
    elementwise(name, 'dy', 'y', 'dx', E, { accumulate: accumulate.includes('dx') }),
  ];

/** The stream, threshold and factor of a dropout mask; a factor of 0 says that there is none. */
export function maskArguments(rate: number, site: number, recurrent: boolean): readonly NativeArgument[] {
  if (rate === 0) return [0, 0, 0];
  return [dropoutStream({ site, recurrent }), dropThreshold(rate), 1 / (1 - rate)];
}

/** A planner of an optimizer: the kernel's tensors, then its own numbers from the attributes. */
export function nativeUpdate(
  kernel: string,
  state: readonly string[],
  numbers: (attributes: Attributes) => readonly NativeArgument[],
): NativePlanner {
  return ({ dims: { E }, attributes }) => [
    overElements(
      kernel,
      ['parameters', 'gradients', 'report', 'hyper', ...state, ...numbers(attributes)],
      E,
      8,
    ),
  ];
}
