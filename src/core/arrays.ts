import { ShapeError } from './errors.js';

/** Element types of tensors. Every one of them has four bytes on the GPU. */
export const DTYPES = ['f32', 'u32', 'i32'] as const;
export type DType = (typeof DTYPES)[number];

/** Bytes of one element of any tensor on the GPU. */
export const BYTES_PER_ELEMENT = 4;

/**
 * Arrays that references read and write: floats in single or double precision, and whole numbers.
 */
export type NumberArray = Float32Array | Float64Array | Uint32Array | Int32Array;

/** Arrays that are written to a device or read from it: four bytes an element. */
export type DeviceArray = Float32Array | Uint32Array | Int32Array;

/**
 * Precision in which the CPU executor stores floating-point tensors. Arithmetic is double in both.
 */
export type Precision = 'single' | 'double';

/** A zero-filled array of four-byte elements for `dtype`. */
export function deviceArray(dtype: DType, length: number): DeviceArray {
  if (dtype === 'u32') return new Uint32Array(length);
  return dtype === 'i32' ? new Int32Array(length) : new Float32Array(length);
}

/** Reads `bytes` as four-byte elements of `dtype`, without a copy. */
export function deviceArrayOver(dtype: DType, bytes: ArrayBuffer): DeviceArray {
  if (dtype === 'u32') return new Uint32Array(bytes);
  return dtype === 'i32' ? new Int32Array(bytes) : new Float32Array(bytes);
}

/** A zero-filled array as the CPU executor stores `dtype`. */
export function hostArray(dtype: DType, length: number, precision: Precision): NumberArray {
  if (dtype !== 'f32') return deviceArray(dtype, length);
  return precision === 'double' ? new Float64Array(length) : new Float32Array(length);
}

/** @throws ShapeError that names the tensor, where `data` has another number of elements */
export function checkLength(name: string, expected: number, data: ArrayLike<unknown>): void {
  if (data.length !== expected)
    throw new ShapeError(`Tensor "${name}" has ${expected} elements, but ${data.length} came.`);
}

/**
 * Whether a number is finite in single precision, in which tensors store it: up to about ±3.4e38.
 * Larger ones would become Infinity, and everything computed from them NaN.
 */
export function isFiniteSingle(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(Math.fround(value));
}

/** Euclidean norm, √Σv². */
export function normOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return Math.sqrt(sum);
}
