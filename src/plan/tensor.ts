import type { DType } from '../core/arrays.js';
import { OptionError } from '../core/errors.js';

/**
 * Lifetime and use of a tensor:
 * - `memory`: outlives the program; programs share it by name (parameters, optimizer state, carried
 *   states)
 * - `input`:  owned by the program, written by the caller, keeps its content
 * - `output`: owned by the program, may be read by the caller after a run
 * - `value`:  an intermediate; its buffer is reused once its last reader has run
 * - `feed`:   one slot per training step of a submit, written by the caller for every step
 * - `report`: one slot per training step of a submit, read back after it
 */
export const TENSOR_KINDS = ['memory', 'input', 'output', 'value', 'feed', 'report'] as const;
export type TensorKind = (typeof TENSOR_KINDS)[number];

/** One tensor of a graph, as plain data. Tensors are row-major and dense. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly kind: TensorKind;
  /**
   * Set if this tensor is a part of another, or the same elements in another shape. `of` is never a
   * view itself; `offset` counts elements and is a multiple of VIEW_ALIGNMENT.
   */
  readonly view?: { readonly of: string; readonly offset: number };
  /** Content of an `input` when a program is prepared. Default: zeros. */
  readonly values?: readonly number[];
}

/** Views start at multiples of 64 elements, since WebGPU binds at multiples of 256 bytes. */
export const VIEW_ALIGNMENT = 64;

/** Rounds a number of elements up to a multiple of VIEW_ALIGNMENT, so that a view can follow. */
export function alignElements(elements: number): number {
  return Math.ceil(elements / VIEW_ALIGNMENT) * VIEW_ALIGNMENT;
}

/**
 * Checks that a value is a tensor of a graph.
 * @throws OptionError, such as for the record of `apply`
 */
export function checkTensor(option: string, value: unknown): asserts value is Tensor {
  const { name, shape } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Tensor>;
  if (typeof name !== 'string' || !Array.isArray(shape))
    throw new OptionError(option, value, 'a tensor, as `g.tensor(…)` or `g.apply(…).y` gives it');
}

/** Checks that a value is a shape: an array of whole numbers from 0. @throws OptionError */
export function checkShape(name: string, shape: unknown): void {
  if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length) && length >= 0))
    throw new OptionError(`shape of ${name}`, shape, 'an array of whole numbers, such as [25, 100]');
}

/** The record without undefined entries. */
export function present(tensors: Readonly<Record<string, Tensor | undefined>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).filter((entry): entry is [string, Tensor] => entry[1] !== undefined),
  );
}
