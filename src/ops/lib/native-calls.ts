import { dropoutStream, dropThreshold } from '../../core/dropout.js';
import { SCRATCH, type NativeArgument, type NativeCall } from '../../plan/native.js';
import type { Attributes, NativePlanner } from '../../plan/planner.js';

/** Columns of a packed panel of B. A product that is split by columns is split between panels. */
const PANEL = 8;

/** Columns that `column_sums` adds at a time. */
const SUMMED_COLUMNS = 16;

/** One operand of a product. */
export interface Operand {
  readonly of: NativeArgument;
  readonly width: number;
  readonly transposed?: boolean;
}

/** The product c [M,P] = a [M,K] · b [K,P], plus a bias or what c holds already. */
export interface Product {
  readonly a: Operand;
  readonly b: Operand;
  readonly c: NativeArgument;
  readonly M: number;
  readonly P: number;
  readonly K: number;
  /** Name of a tensor [P] that is added to every row. The call may lack that tensor. */
  readonly bias?: string;
  /** Adds the product to c instead of overwriting it. */
  readonly accumulate?: boolean;
}

/**
 * A call of the kernel `product`. Threads split it by rows, or by columns where there are more of
 * them; each thread packs the part of B that it reads.
 */
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

/** One product for every batch row of [B,rows,N,columns]: c = a·b, or c += a·b. */
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

/** A call of the kernel `batched_product`, split by batch rows. */
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

/**
 * sums[p] = Σ_r x[r,p], or added to `sums` with `accumulate`.
 * @param width elements from one row of x to the next
 * @param columns how many of them are summed, from the first
 */
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

/** A call that threads split by rows of the result. `work` is the cost of one row. */
export function overRows(
  kernel: string,
  parameters: readonly NativeArgument[],
  rows: number,
  work: number,
): NativeCall {
  return { kernel, arguments: parameters, split: { count: rows, quantum: 1 }, work: rows * work };
}

/** A call that threads split by elements of the result. `work` is the cost of one element. */
export function overElements(
  kernel: string,
  parameters: readonly NativeArgument[],
  count: number,
  work = 1,
): NativeCall {
  return { kernel, arguments: parameters, split: { count, quantum: 64 }, work: count * work };
}

/** Copies or adds rows of `columns` elements: to[r] = from[r], or to[r] += from[r]. */
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

/** Clears `count` elements, unless later calls add to what they hold. */
export function zeroUnless(accumulate: boolean, of: NativeArgument, count: number): readonly NativeCall[] {
  return accumulate ? [] : [overElements('zero', [of], count)];
}

/** The numbers that kernels/elementwise.ts gives to its functions. */
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

/** Options of `elementwise`. */
interface ElementOptions {
  readonly scale?: number;
  readonly shift?: number;
  readonly accumulate?: boolean;
}

/** y = f(a, b), or y += f(a, b), over E elements. A function of one operand gets it twice. */
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

/** Plans y = f(a) or y = f(a, b), element by element. */
export const forwardElements =
  (name: keyof typeof FUNCTIONS, a: string, b = a): NativePlanner =>
  ({ dims: { E } }) => [elementwise(name, a, b, 'y', E)];

/** Plans dx from dy and y, for a function whose slope can be computed from its result. */
export const slopeElements =
  (name: keyof typeof FUNCTIONS): NativePlanner =>
  ({ dims: { E }, accumulate }) => [
    elementwise(name, 'dy', 'y', 'dx', E, { accumulate: accumulate.includes('dx') }),
  ];

/** The stream, threshold and factor of a dropout mask. A factor of 0 means that there is no mask. */
export function maskArguments(rate: number, site: number, recurrent: boolean): readonly NativeArgument[] {
  if (rate === 0) return [0, 0, 0];
  return [dropoutStream({ site, recurrent }), dropThreshold(rate), 1 / (1 - rate)];
}

/** Plans an optimizer's kernel: it takes the tensors, then its own numbers from the attributes. */
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
