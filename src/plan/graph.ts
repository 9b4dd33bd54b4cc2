import { DTYPES, type DType } from '../core/arrays.js';
import { OptionError, ShapeError } from '../core/errors.js';
import { elementCount, evaluateShape, formatShape, solveDim, type Dims } from '../core/notation.js';
import { checkText, oneOf } from '../core/options.js';
import { checkOp, type Op } from './op.js';
import type { Attributes } from './planner.js';
import { PRODUCT_PRECISIONS, type HalfPrecision, type ProductPrecision } from './target.js';
import {
  checkShape,
  checkTensor,
  TENSOR_KINDS,
  VIEW_ALIGNMENT,
  type Tensor,
  type TensorKind,
} from './tensor.js';

/**
 * One application of an op to tensors of the graph, as plain data. This is the first file to read
 * in src/plan; op.ts has the contract of an op, compile.ts turns a graph into a plan.
 */
export interface Call {
  readonly op: string;
  readonly phase: 'forward' | 'backward';
  readonly dims: Dims;
  readonly attributes: Attributes;
  /** Contract name (or `d` + name for a gradient) → tensor name. */
  readonly tensors: Readonly<Record<string, string>>;
  /** Gradients (`dX`) that are added to their tensors instead of overwriting them. */
  readonly accumulate: readonly string[];
}

/**
 * Applications of ops to tensors, in order, for fixed shapes. It is plain data, so it can be
 * printed, compared, and sent to another process.
 */
export interface Graph {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly calls: readonly Call[];
  /** Precision of the operands of matrix products. Default: single. */
  readonly precision?: HalfPrecision;
}

/** Checks that a value is a graph. @throws OptionError for anything else, such as a GraphBuilder */
export function checkGraph(graph: unknown): asserts graph is Graph {
  const { tensors, calls } = (typeof graph === 'object' && graph !== null ? graph : {}) as Partial<Graph>;
  if (typeof tensors !== 'object' || !Array.isArray(calls))
    throw new OptionError('graph', graph, 'a graph, as `builder.graph` gives it');
}

/**
 * Builds a graph: declare tensors with `tensor`, apply ops with `apply`, read `graph`. Every call
 * checks shapes and element types.
 */
export class GraphBuilder {
  readonly #tensors: Record<string, Tensor> = {};
  readonly #calls: Call[] = [];
  readonly #precision: HalfPrecision | undefined;

  /**
   * @param precision of the operands of matrix products. Default: single
   * @throws OptionError for an unknown precision
   */
  constructor(precision: ProductPrecision = 'single') {
    oneOf('precision', precision, PRODUCT_PRECISIONS);
    this.#precision = precision === 'single' ? undefined : precision;
  }

  /** The graph so far. */
  get graph(): Graph {
    return {
      tensors: { ...this.#tensors },
      calls: [...this.#calls],
      ...(this.#precision && { precision: this.#precision }),
    };
  }

  /**
   * Declares a tensor. A name can be declared once; a `memory` tensor can be declared again with
   * the same shape.
   * @throws ShapeError for a name that exists
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
   * @throws ShapeError for another number of values than the shape has
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

  /**
   * Declares a view: the elements of `of` from element `offset`, in `shape`. Without an offset it
   * is a reshape.
   * @throws ShapeError where it does not fit, or does not start at a multiple of VIEW_ALIGNMENT
   */
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
   * Applies an op. Outputs, saved and scratch tensors that `tensors` does not have are declared,
   * with the name `label.X`.
   * @param label prefix of the names of declared tensors; must be new in this graph
   * @param dims letters that the shapes of `tensors` do not determine
   * @returns the tensors of the call by contract name
   * @throws ShapeError or OptionError where tensors or attributes do not fit the contract
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

  /** Appends a call without checks. */
  add(call: Call): void {
    this.#calls.push(call);
  }

  /** A tensor by name. @throws ShapeError for an unknown name */
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
 * Finds the value of every letter in an op's contract from the shapes of the tensors.
 * @throws ShapeError for a shape or an element type that does not fit the contract
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
