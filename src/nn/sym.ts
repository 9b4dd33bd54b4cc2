import { ShapeError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { joinRows } from '../cells/general.js';
import { ops } from '../ops/index.js';
import type { Op } from '../plan/op.js';
import type { Tensor } from '../plan/tensor.js';
import type { Scope } from './scope.js';

/** Lengths of rows, for methods that leave out padded steps. */
export interface RowLengths {
  /** u32 [N]: steps of each row. Default: all steps. */
  readonly lengths?: Sym;
}

/**
 * A symbolic tensor: methods add ops to the model's graph and return their results. Gradients need
 * no further code. Shapes are numbers, known when the graph is built.
 */
export class Sym {
  constructor(
    readonly scope: Scope,
    readonly tensor: Tensor,
  ) {}

  /** Length of each axis. */
  get shape(): readonly number[] {
    return this.tensor.shape;
  }

  /**
   * Sum with a tensor of the same shape, with a row [C] that is added to every row, or a number.
   */
  add(b: Sym | number): Sym {
    if (typeof b === 'number') return this.#affine(1, b);
    if (b.shape.length === 1 && this.shape.length > 1) {
      const x = this.#rows();
      return this.#like(this.#apply(ops.add_row, { x, b: b.tensor }));
    }
    return this.#pair(ops.add, b);
  }

  /** Difference to a tensor of the same shape, or a number. */
  sub(b: Sym | number): Sym {
    return typeof b === 'number' ? this.#affine(1, -b) : this.#pair(ops.subtract, b);
  }

  /** Product with a tensor of the same shape, element by element, or a number. */
  mul(b: Sym | number): Sym {
    return typeof b === 'number' ? this.#affine(b, 0) : this.#pair(ops.multiply, b);
  }

  /** Quotient by a tensor of the same shape, element by element, or a number. */
  div(b: Sym | number): Sym {
    return typeof b === 'number' ? this.#affine(1 / b, 0) : this.#pair(ops.divide, b);
  }

  tanh(): Sym {
    return this.#each(ops.tanh);
  }

  sigmoid(): Sym {
    return this.#each(ops.sigmoid);
  }

  relu(): Sym {
    return this.#each(ops.relu);
  }

  /**
   * Softmax over the last axis. With lengths: of [T,N,S] over the first lengths[n] positions of S.
   */
  softmax({ lengths }: RowLengths = {}): Sym {
    if (!lengths) return this.#like(this.#apply(ops.softmax, { x: this.#rows() }));
    return this.#of(this.#apply(ops.masked_softmax, { x: this.tensor, lengths: lengths.tensor }));
  }

  /** Matrix product: [..,K] times [K,P] is [..,P]. */
  matmul(b: Sym): Sym {
    const y = this.#apply(ops.matmul, { a: this.#rows(), b: b.tensor });
    return this.#of(y).reshape(...this.shape.slice(0, -1), b.shape[1]);
  }

  /** Reorders axes: `permute(1, 0, 2)` turns [T,N,C] into [N,T,C]. */
  permute(...axes: number[]): Sym {
    const rank = this.shape.length;
    if (
      axes.length !== rank ||
      new Set(axes).size !== rank ||
      axes.some((axis) => !(axis >= 0 && axis < rank))
    )
      throw new ShapeError(
        `permute: expected each of the ${rank} axes of [${this.shape.join(',')}] once, got ` +
          `${axes.join(', ')}.`,
      );
    // The op permute swaps two neighbouring axes, so the order is sorted by swaps of neighbours.
    const order = Array.from({ length: rank }, (_, axis) => axis);
    let result = this.#of(this.tensor);
    for (const [place, axis] of axes.entries()) {
      for (let at = order.indexOf(axis); at > place; at--) {
        result = result.#swap(at - 1);
        [order[at - 1], order[at]] = [order[at], order[at - 1]];
      }
    }
    return result;
  }

  /** The same elements in another shape. @throws ShapeError where their number differs */
  reshape(...shape: number[]): Sym {
    if (elementCount(shape) !== elementCount(this.shape))
      throw new ShapeError(
        `reshape: [${this.shape.join(',')}] has ${elementCount(this.shape)} elements, but ` +
          `[${shape.join(',')}] has ${elementCount(shape)}.`,
      );
    return this.#of(this.scope.builder.view(this.tensor, shape));
  }

  /**
   * `count` positions of an axis, from position `start`.
   * @throws ShapeError where they are out of range
   */
  slice(axis: number, start: number, count: number): Sym {
    const { shape } = this;
    if (!(start >= 0 && count >= 1 && start + count <= shape[axis]))
      throw new ShapeError(
        `slice: expected positions within axis ${axis} of [${shape.join(',')}], got ${start} to ` +
          `${start + count - 1}.`,
      );
    const before = elementCount(shape.slice(0, axis));
    const inner = elementCount(shape.slice(axis + 1));
    const sliced = [...shape.slice(0, axis), count, ...shape.slice(axis + 1)];
    if (before === 1) {
      const y = this.#apply(ops.slice, { x: this.#as([shape[axis], inner]) }, { start }, { S: count });
      return this.#of(y).reshape(...sliced);
    }
    const y = this.#apply(
      ops.slice_columns,
      { x: this.#as([before, shape[axis] * inner]) },
      { start: start * inner },
      { M: count * inner },
    );
    return this.#of(y).reshape(...sliced);
  }

  /** The time steps of [T,N,..], each [N,..]. */
  steps(): Sym[] {
    const [T, ...rest] = this.shape;
    return Array.from({ length: T }, (_, t) => this.slice(0, t, 1).reshape(...rest));
  }

  /**
   * Joins this tensor and others of its shape along a new first axis: T states [N,H] are [T,N,H].
   * @throws ShapeError where shapes differ
   */
  stack(...others: Sym[]): Sym {
    for (const each of others) this.#checkShape('stack', each);
    const parts = [this, ...others].map(({ tensor }) => tensor);
    const joined = joinRows(this.scope.builder, this.scope.label('stack'), parts);
    return this.#of(joined).reshape(parts.length, ...this.shape);
  }

  /** Zeros of any shape in the graph of this tensor, such as a state before the first step. */
  zeros(...shape: number[]): Sym {
    return this.#of(this.#apply(ops.fill, {}, {}, { E: elementCount(shape) })).reshape(...shape);
  }

  /** Joins two tensors along the last axis. */
  concat(b: Sym): Sym {
    const y = this.#apply(ops.concat, { a: this.#rows(), b: b.#rows() });
    return this.#of(y).reshape(...this.shape.slice(0, -1), (this.shape.at(-1) ?? 1) + (b.shape.at(-1) ?? 1));
  }

  /** Sum over an axis. The result does not have this axis. */
  sum(axis: number): Sym {
    const { shape } = this;
    const rest = shape.filter((_, at) => at !== axis);
    const before = elementCount(shape.slice(0, axis));
    const inner = elementCount(shape.slice(axis + 1));
    // The op sum_rows adds up the first axis, so the axis is moved there.
    const first = before === 1 ? this : this.#of(this.#swapped(1, before, shape[axis], inner));
    const y = this.#apply(ops.sum_rows, { x: first.#as([shape[axis], before * inner]) });
    return this.#of(y).reshape(...(rest.length === 0 ? [1] : rest));
  }

  /** Mean over an axis. With lengths: of [T,N,C] over the first lengths[n] steps; axis 0 only. */
  mean(axis: number, { lengths }: RowLengths = {}): Sym {
    if (!lengths) return this.sum(axis).mul(1 / this.shape[axis]);
    this.#checkSteps('mean', axis);
    return this.#of(this.#apply(ops.mean_steps, { x: this.tensor, lengths: lengths.tensor }));
  }

  /**
   * Maximum over the steps of [T,N,C]; axis 0 only. With lengths: over the first lengths[n] steps.
   */
  max(axis: number, { lengths }: RowLengths = {}): Sym {
    this.#checkSteps('max', axis);
    const tensors = lengths ? { x: this.tensor, lengths: lengths.tensor } : { x: this.tensor };
    return this.#of(this.#apply(ops.max_steps, tensors));
  }

  /**
   * Sets padded steps of [T,N,..] to zero. A NaN in the padding would make gradients of weights
   * NaN.
   */
  within(lengths: Sym): Sym {
    if (this.shape.length < 3 || lengths.shape.join() !== String(this.shape[1]))
      throw new ShapeError(
        `within: expected [T,N,..] and lengths [N], got [${this.shape.join(',')}] and ` +
          `[${lengths.shape.join(',')}].`,
      );
    const [T, N, ...rest] = this.shape;
    const a = this.#as([T * N, elementCount(rest)]);
    return this.scope.finite(this.#like(this.#apply(ops.choose_rows, { a, lengths: lengths.tensor })));
  }

  /** The last step of each row of [T,N,C]: step lengths[n] − 1. */
  at(lengths: Sym): Sym {
    return this.#of(this.#apply(ops.last_steps, { x: this.tensor, lengths: lengths.tensor }));
  }

  #checkShape(method: string, b: Sym): void {
    if (b.shape.join() !== this.shape.join())
      throw new ShapeError(
        `${method}: both tensors must have one shape, but they are [${this.shape.join(',')}] and ` +
          `[${b.shape.join(',')}].`,
      );
  }

  #checkSteps(method: string, axis: number): void {
    if (axis !== 0 || this.shape.length !== 3)
      throw new ShapeError(
        `${method} over rows of unequal length: expected axis 0 of [T,N,C], got axis ${axis} of ` +
          `[${this.shape.join(',')}].`,
      );
  }

  /** Swaps axis `at` and the next. */
  #swap(at: number): Sym {
    const { shape } = this;
    const y = this.#swapped(
      elementCount(shape.slice(0, at)),
      shape[at],
      shape[at + 1],
      elementCount(shape.slice(at + 2)),
    );
    return this.#of(y).reshape(...shape.slice(0, at), shape[at + 1], shape[at], ...shape.slice(at + 2));
  }

  #swapped(B: number, M: number, P: number, C: number): Tensor {
    // With B = 1 this swaps the first two axes.
    return this.#apply(ops.permute, { x: this.#as([B, M, P, C]) });
  }

  #affine(scale: number, shift: number): Sym {
    return this.#like(this.#apply(ops.affine, { x: this.#flat() }, { scale, shift }));
  }

  #each(op: Op): Sym {
    return this.#like(this.#apply(op, { x: this.#flat() }));
  }

  #pair(op: Op, b: Sym): Sym {
    this.#checkShape(op.name, b);
    return this.#like(this.#apply(op, { a: this.#flat(), b: b.#flat() }));
  }

  #apply(
    op: Op,
    tensors: Readonly<Record<string, Tensor>>,
    attributes: Readonly<Record<string, number | string | boolean>> = {},
    dims: Readonly<Record<string, number>> = {},
  ): Tensor {
    const { builder } = this.scope;
    const applied = builder.apply(op, this.scope.label(op.name), tensors, attributes, dims);
    return 'y' in applied ? applied.y : applied.c;
  }

  #of(tensor: Tensor): Sym {
    return new Sym(this.scope, tensor);
  }

  /** A result in the shape of this tensor. */
  #like(tensor: Tensor): Sym {
    return this.#of(tensor).reshape(...this.shape);
  }

  #as(shape: readonly number[]): Tensor {
    return this.scope.builder.view(this.tensor, shape);
  }

  #flat(): Tensor {
    return this.#as([elementCount(this.shape)]);
  }

  /** This tensor as a matrix [R,C], where C is the last axis. */
  #rows(): Tensor {
    const width = this.shape.at(-1) ?? 1;
    return this.#as([elementCount(this.shape) / width, width]);
  }
}
