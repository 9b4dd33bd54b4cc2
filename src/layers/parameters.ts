import { ShapeError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import type { GraphBuilder } from '../plan/graph.js';
import { alignElements, type Tensor } from '../plan/tensor.js';
import { checkFinite } from './finite-weights.js';
import type { ParameterSpec, StateDict } from './named-arrays.js';
import { misfits } from './state-dict.js';

/**
 * Name of the memory tensor that holds all parameters, one behind the other, and of its gradient.
 */
export const PARAMETERS = 'parameters';
export const GRADIENTS = 'gradients';

/** Name of the parameter [V,C] that holds the learned vectors of the symbols. */
export const EMBEDDING = 'embedding.weight';

export type { ParameterSpec, StateDict };

/**
 * Where each parameter lies in the flat arena [E] that optimizers work on. The gaps between
 * parameters stay zero.
 */
export class ParameterLayout {
  readonly #offsets = new Map<string, number>();
  /** Elements of the arena, gaps included. */
  readonly elements: number;
  /** Number of trainable numbers, gaps not included. */
  readonly count: number;

  constructor(readonly specs: readonly ParameterSpec[]) {
    let end = 0;
    for (const { name, shape } of specs) {
      this.#offsets.set(name, end);
      end = alignElements(end + elementCount(shape));
    }
    this.elements = end;
    this.count = specs.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  }

  /** Where a parameter lies in the arena, with the gap behind it: elements `start` to `end` − 1. */
  place(name: string): { readonly start: number; readonly end: number } {
    const start = this.offsetOf(name);
    const spec = this.specs.find((candidate) => candidate.name === name);
    return { start, end: alignElements(start + elementCount(spec?.shape ?? [])) };
  }

  /** Declares the arena in a graph, and each parameter as a part of it in its stored shape. */
  declare(builder: GraphBuilder): Record<string, Tensor> {
    const arena = builder.tensor('memory', PARAMETERS, [this.elements]);
    return Object.fromEntries(
      this.specs.map((spec) => [
        spec.name,
        builder.view(arena, storedShape(spec), this.offsetOf(spec.name), spec.name),
      ]),
    );
  }

  /**
   * Copies an arena's content out, by PyTorch's names and shapes. Also for gradients and optimizer
   * state, which lie the same way.
   */
  unpack(arena: ArrayLike<number>): Record<string, { shape: readonly number[]; data: Float32Array }> {
    return Object.fromEntries(
      this.specs.map((spec) => [spec.name, { shape: spec.shape, data: this.#copyOut(spec, arena) }]),
    );
  }

  /**
   * Puts named arrays into an arena. Whatever is missing, extra, misshapen or of another cell is
   * told at once, in letters and numbers.
   * @throws ShapeError; DataError for a number that is not finite in single precision
   */
  pack(values: StateDict, what = 'state_dict'): Float32Array {
    this.#check(values, what);
    const arena = new Float32Array(this.elements);
    for (const spec of this.specs) {
      const { data } = values[spec.name];
      checkFinite(spec.name, { shape: spec.shape, data }, what);
      const offset = this.offsetOf(spec.name);
      forEachElement(spec, (given, stored) => (arena[offset + stored] = data[given]));
    }
    return arena;
  }

  #copyOut(spec: ParameterSpec, arena: ArrayLike<number>): Float32Array {
    const offset = this.offsetOf(spec.name);
    const data = new Float32Array(elementCount(spec.shape));
    forEachElement(spec, (given, stored) => (data[given] = arena[offset + stored]));
    return data;
  }

  /** Where a parameter begins in the arena, in elements. @throws ShapeError for an unknown name */
  offsetOf(name: string): number {
    const offset = this.#offsets.get(name);
    if (offset === undefined) throw new ShapeError(`The model has no parameter "${name}".`);
    return offset;
  }

  #check(values: StateDict, what: string): void {
    const problems = misfits(this.specs, values);
    if (problems.length > 0)
      throw new ShapeError(`The ${what} does not fit the model: ${problems.join('; ')}.`);
  }
}

function storedShape({ shape, transposed }: ParameterSpec): readonly number[] {
  return transposed ? [shape[1], shape[0]] : shape;
}

function forEachElement(
  { shape, transposed }: ParameterSpec,
  visit: (given: number, stored: number) => void,
): void {
  if (!transposed) {
    for (let i = 0; i < elementCount(shape); i++) visit(i, i);
    return;
  }
  const [rows, columns] = shape;
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) visit(r * columns + c, c * rows + r);
}
