import { ShapeError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import type { GraphBuilder } from '../plan/graph.js';
import { alignElements, type Tensor } from '../plan/tensor.js';
import { checkFinite } from './finite-weights.js';
import type { ParameterSpec, StateDict } from './named-arrays.js';
import { describeMisfits } from './state-dict.js';

/**
 * Names of the memory tensors [E] that hold all parameters, one after another, and their gradients.
 */
export const PARAMETERS = 'parameters';
export const GRADIENTS = 'gradients';

/** Name of the parameter [V,C] that holds the vectors of the symbols. */
export const EMBEDDING = 'embedding.weight';

export type { ParameterSpec, StateDict };

/**
 * The position of each parameter in the arena, the flat array [E] of all parameters that optimizers
 * update. The gaps between parameters stay zero.
 */
export class ParameterLayout {
  readonly #offsets = new Map<string, number>();
  /** E: elements of the arena, gaps included. */
  readonly elements: number;
  /** Elements of all parameters, without the gaps. */
  readonly count: number;

  /**
   * @param ties second names of parameters: `{ 'head.weight': 'embedding.weight' }` gives the head
   *   the matrix of the embedding. In a graph both names are the same elements, so their gradients
   *   add up. A state_dict has both names, as in PyTorch. Default: none.
   * @throws ShapeError where a tie names no parameter, or one that is stored transposed
   */
  constructor(
    readonly specs: readonly ParameterSpec[],
    readonly ties: Readonly<Record<string, string>> = {},
  ) {
    let end = 0;
    for (const { name, shape } of specs) {
      this.#offsets.set(name, end);
      end = alignElements(end + elementCount(shape));
    }
    this.elements = end;
    this.count = specs.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    for (const [name, of] of Object.entries(ties)) {
      if (this.#offsets.has(name) || this.#specOf(of).transposed)
        throw new ShapeError(`The parameter "${name}" cannot be tied to "${of}".`);
    }
  }

  /** A parameter's elements in the arena with the gap after it: `start` to `end` − 1. */
  place(name: string): { readonly start: number; readonly end: number } {
    const start = this.offsetOf(name);
    return { start, end: alignElements(start + elementCount(this.#specOf(name).shape)) };
  }

  /** Declares the arena in a graph. @returns each parameter as a view of it, in its stored shape */
  declare(builder: GraphBuilder): Record<string, Tensor> {
    const arena = builder.tensor('memory', PARAMETERS, [this.elements]);
    const declared = Object.fromEntries(
      this.specs.map((spec) => [
        spec.name,
        builder.view(arena, storedShape(spec), this.offsetOf(spec.name), spec.name),
      ]),
    );
    return { ...declared, ...mapValues(this.ties, (of) => declared[of]) };
  }

  /**
   * Copies an arena's content to arrays with PyTorch's names and shapes. Gradients and optimizer
   * state have the same layout, so it works for them too.
   */
  unpack(arena: ArrayLike<number>): Record<string, { shape: readonly number[]; data: Float32Array }> {
    const values = Object.fromEntries(
      this.specs.map((spec) => [spec.name, { shape: spec.shape, data: this.#copyOut(spec, arena) }]),
    );
    return { ...values, ...mapValues(this.ties, (of) => values[of]) };
  }

  /**
   * Copies named arrays to a new arena. One of two tied names is enough; if both are given, they
   * must be equal.
   * @param what name of the arrays in messages
   * @throws ShapeError that lists everything missing, extra, misshapen or of another cell, in
   *   letters and numbers; DataError for a number that is not finite in single precision
   */
  pack(given: StateDict, what = 'state_dict'): Float32Array {
    const values = this.#withoutTies(given, what);
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

  /** The arrays without second names. @throws ShapeError where two tied arrays differ */
  #withoutTies(given: StateDict, what: string): StateDict {
    if (Object.keys(this.ties).length === 0 || typeof given !== 'object' || given === null) return given;
    const values = new Map(Object.entries(given));
    for (const [name, of] of Object.entries(this.ties)) {
      const second = values.get(name);
      if (!second) continue;
      const first = values.get(of) ?? second;
      values.delete(name);
      values.set(of, first);
      if (Array.prototype.some.call(first.data, (value: number, i) => value !== second.data[i]))
        throw new ShapeError(
          `The ${what} does not fit the model: "${name}" and "${of}" are one matrix here, but their ` +
            'numbers differ. Leave one of them out, or make the model without tied weights.',
        );
    }
    return Object.fromEntries(values);
  }

  #specOf(name: string): ParameterSpec {
    const spec = this.specs.find((candidate) => candidate.name === name);
    if (!spec) throw new ShapeError(`The model has no parameter "${name}".`);
    return spec;
  }

  /** Index of a parameter's first element in the arena. @throws ShapeError for an unknown name */
  offsetOf(name: string): number {
    const offset = this.#offsets.get(name);
    if (offset === undefined) throw new ShapeError(`The model has no parameter "${name}".`);
    return offset;
  }

  #check(values: StateDict, what: string): void {
    const problems = describeMisfits(this.specs, values);
    if (problems.length > 0)
      throw new ShapeError(`The ${what} does not fit the model: ${problems.join('; ')}.`);
  }
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]));
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
