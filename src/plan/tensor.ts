import type { DType } from '../core/arrays.js';
import { OptionError } from '../core/errors.js';

/**
 * Where a tensor lives and who may touch it:
 * - `memory`: outlives the program; shared by name between programs (parameters, optimizer state,
 *   carried h)
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
   * Set where this tensor is a part of another, or the same elements in another shape: `offset`
   * counts elements and
   * is a multiple of VIEW_ALIGNMENT. The other tensor is never a view itself.
   */
  readonly view?: { readonly of: string; readonly offset: number };
  /** Content of an `input` when a program is prepared. Default: zeros. */
  readonly values?: readonly number[];
}

/** Views start at multiples of 64 elements, since WebGPU binds at multiples of 256 bytes. */
export const VIEW_ALIGNMENT = 64;

/** Rounds a number of elements up so that the next view can start behind it. */
export function alignElements(elements: number): number {
  return Math.ceil(elements / VIEW_ALIGNMENT) * VIEW_ALIGNMENT;
}

/** Refuses what is no tensor of a graph, such as the result of a call with several. @throws OptionError */
export function checkTensor(option: string, value: unknown): asserts value is Tensor {
  const { name, shape } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Tensor>;
  if (typeof name !== 'string' || !Array.isArray(shape))
    throw new OptionError(option, value, 'a tensor, as `g.tensor(…)` or `g.apply(…).y` gives it');
}

/** Refuses what is no list of lengths. @throws OptionError */
export function checkShape(name: string, shape: unknown): void {
  if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length) && length >= 0))
    throw new OptionError(`shape of ${name}`, shape, 'an array of whole numbers, such as [25, 100]');
}

/** The tensors that there are. */
export function present(tensors: Readonly<Record<string, Tensor | undefined>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).filter((entry): entry is [string, Tensor] => entry[1] !== undefined),
  );
}
