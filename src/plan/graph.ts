import { DTYPES, type DType } from '../core/arrays.js';
import { OptionError, ShapeError } from '../core/errors.js';
import { elementCount, evaluateShape, formatShape, solveDim, type Dims } from '../core/notation.js';
import { checkText, oneOf } from '../core/options.js';
import { checkOp, type Attributes, type Op } from './op.js';
import {
  checkShape,
  checkTensor,
  TENSOR_KINDS,
  VIEW_ALIGNMENT,
  type Tensor,
  type TensorKind,
} from './tensor.js';

/** One application of an op to tensors of the graph. Plain data. */
export interface Call {
  readonly op: string;
  readonly phase: 'forward' | 'backward';
  readonly dims: Dims;
  readonly attributes: Attributes;
  /** Contract name (or `d` + name for a gradient) → tensor name. */
  readonly tensors: Readonly<Record<string, string>>;
  /** Gradients that are added to what is there. */
  readonly accumulate: readonly string[];
}

/**
 * Which ops are applied to which tensors, in order, for fixed shapes. Plain data: it can be
 * printed, sent to a page and compared.
 */
export interface Graph {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly calls: readonly Call[];
}

/** Refuses what is no graph, such as the builder that makes one. @throws OptionError */
export function checkGraph(graph: unknown): asserts graph is Graph {
  const { tensors, calls } = (typeof graph === 'object' && graph !== null ? graph : {}) as Partial<Graph>;
  if (typeof tensors !== 'object' || !Array.isArray(calls))
    throw new OptionError('graph', graph, 'a graph, as `builder.graph` gives it');
}

/** Builds a graph: declare tensors, apply ops, take `graph`. Shapes are checked on every call. */
export class GraphBuilder {
  readonly #tensors: Record<string, Tensor> = {};
  readonly #calls: Call[] = [];

  /** The graph so far. */
  get graph(): Graph {
    return { tensors: { ...this.#tensors }, calls: [...this.#calls] };
  }

  /**
   * Declares a tensor. Names are unique, but a `memory` tensor may be named again with the same
   * shape.
   */
  tensor(kind: TensorKind, name: string, shape: readonly number[], dtype: DType = 'f32'): Tensor {
    oneOf('kind', kind, TENSOR_KINDS);
    checkText('name', name);
    checkShape(name, shape);
    oneOf('dtype', dtype, DTYPES);
    return this.#declare({ name, shape: [...shape], dtype, kind });
  }

  /**
   * Declares an `input` that holds these numbers when a program is prepared, such as weights of
   * classes.
   */
  constant(name: string, shape: readonly number[], values: readonly number[], dtype: DType = 'f32'): Tensor {
    checkShape(name, shape);
    if (values.length !== elementCount(shape))
      throw new ShapeError(
        `The constant "${name}" [${shape.join(',')}] has ${elementCount(shape)} elements, but ` +
          `${values.length} numbers came.`,
      );
    return this.#declare({ name, shape: [...shape], dtype, kind: 'input', values: [...values] });
  }

  /** The elements of `of` from `offset`, in `shape`. Without an offset: a reshape. */
  view(of: Tensor, shape: readonly number[], offset = 0, name?: string): Tensor {
    checkTensor('of', of);
    checkShape(`a view of ${of.name}`, shape);
    const start = (of.view?.offset ?? 0) + offset;
    if (start % VIEW_ALIGNMENT !== 0)
      throw new ShapeError(
        `A view of "${of.name}" starts at element ${start}: it must be a multiple of ${VIEW_ALIGNMENT}.`,
      );
    if (offset + elementCount(shape) > elementCount(of.shape))
      throw new ShapeError(
        `A view [${shape.join(',')}] at element ${offset} does not fit in "${of.name}" ` +
          `[${of.shape.join(',')}].`,
      );
    const root = of.view?.of ?? of.name;
    const label = name ?? `${of.name}[${offset === 0 ? '' : `${offset}:`}${shape.join('x')}]`;
    return this.#declare({
      name: label,
      shape: [...shape],
      dtype: of.dtype,
      kind: of.kind,
      view: { of: root, offset: start },
    });
  }

  /**
   * Applies an op. Outputs and saved tensors that `tensors` does not name are created, named
   * `label.X`.
   * @param label prefix of created tensors; must be new in this graph
   * @returns the tensors of the call by contract name
   */
  apply(
    op: Op,
    label: string,
    tensors: Readonly<Record<string, Tensor>>,
    attributes: Attributes = {},
    dims: Dims = {},
  ): Record<string, Tensor> {
    checkOp(op);
    if (typeof tensors !== 'object' || tensors === null)
      throw new OptionError(
        `${op.name}.tensors`,
        tensors,
        `an object with ${Object.keys(op.tensors).join(', ')}`,
      );
    for (const key of Object.keys(attributes)) {
      if (!(key in op.attributes))
        throw new OptionError(
          `${op.name}.${key}`,
          attributes[key],
          `one of the attributes ${Object.keys(op.attributes).join(', ') || '(none)'}`,
        );
    }
    for (const key of Object.keys(tensors)) {
      if (!(key in op.tensors))
        throw new ShapeError(
          `${op.name} has no tensor "${key}"; it has ${Object.keys(op.tensors).join(', ')}.`,
        );
      if (tensors[key] !== undefined) checkTensor(`${op.name}.${key}`, tensors[key]);
    }
    const resolved = inferDims(op, tensors, dims);
    const all: Record<string, Tensor> = {};
    for (const [key, row] of Object.entries(op.tensors)) {
      const given = tensors[key];
      if (given) all[key] = given;
      else if (row.role === 'output' || row.role === 'saved' || row.role === 'scratch') {
        if (!row.optional)
          all[key] = this.tensor('value', `${label}.${key}`, evaluateShape(row.shape, resolved), row.dtype);
      } else if (!row.optional)
        throw new ShapeError(`${op.name} "${label}" needs the tensor ${key} [${row.shape.join(',')}].`);
    }
    this.add({
      op: op.name,
      phase: 'forward',
      dims: resolved,
      attributes: { ...op.attributes, ...attributes },
      tensors: Object.fromEntries(Object.entries(all).map(([key, tensor]) => [key, tensor.name])),
      accumulate: [],
    });
    return all;
  }

  /** Appends a call as it is. */
  add(call: Call): void {
    this.#calls.push(call);
  }

  /** A tensor by name. */
  get(name: string): Tensor {
    const tensor = this.#tensors[name];
    if (!tensor) throw new ShapeError(`The graph has no tensor "${name}".`);
    return tensor;
  }

  /** Whether the graph has a tensor of this name. */
  has(name: string): boolean {
    return name in this.#tensors;
  }

  #declare(tensor: Tensor): Tensor {
    const known = this.#tensors[tensor.name];
    if (known) {
      const same =
        known.kind === tensor.kind &&
        known.dtype === tensor.dtype &&
        known.shape.join() === tensor.shape.join() &&
        known.view?.of === tensor.view?.of &&
        known.view?.offset === tensor.view?.offset;
      if (same && (tensor.kind === 'memory' || tensor.view)) return known;
      throw new ShapeError(`The graph has a tensor "${tensor.name}" [${known.shape.join(',')}] already.`);
    }
    this.#tensors[tensor.name] = tensor;
    return tensor;
  }
}

/**
 * Finds the value of every letter in an op's contract from the tensors given, and checks every
 * shape and element type.
 */
export function inferDims(op: Op, tensors: Readonly<Record<string, Tensor>>, given: Dims = {}): Dims {
  const dims: Record<string, number> = { ...given };
  for (let found = true; found;) {
    found = false;
    for (const [key, row] of Object.entries(op.tensors)) {
      const tensor = tensors[key];
      if (tensor?.shape.length !== row.shape.length) continue;
      row.shape.forEach((expression, axis) => {
        const solution = solveDim(expression, tensor.shape[axis], dims);
        if (solution) [dims[solution[0]], found] = [solution[1], true];
      });
    }
  }
  for (const [key, row] of Object.entries(op.tensors)) {
    const tensor = tensors[key];
    if (!tensor) continue;
    const expected = tensor.shape.length === row.shape.length ? evaluateShape(row.shape, dims) : undefined;
    if (expected?.join() !== tensor.shape.join()) {
      const wanted = expected ? formatShape(row.shape, dims) : `[${row.shape.join(',')}]`;
      throw new ShapeError(
        `${op.name}: ${key} must be ${wanted}, but "${tensor.name}" is [${tensor.shape.join(',')}].`,
      );
    }
    if (tensor.dtype !== row.dtype)
      throw new ShapeError(
        `${op.name}: ${key} must hold ${row.dtype}, but "${tensor.name}" holds ${tensor.dtype}.`,
      );
  }
  return dims;
}
