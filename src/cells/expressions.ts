import { elementCount } from '../core/notation.js';
import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Op } from '../plan/op.js';
import type { Attributes } from '../plan/planner.js';
import { present, type Tensor } from '../plan/tensor.js';

/**
 * Writes formulas as method calls. Unless a method says otherwise, it applies one op, and its
 * result has the shape of the first operand.
 */
export class Expressions {
  #count = 0;

  constructor(
    readonly builder: GraphBuilder,
    readonly prefix: string,
  ) {}

  /** A label that no earlier call of this graph has. */
  label(what: string): string {
    return `${this.prefix}.${this.#count++}.${what}`;
  }

  view(x: Tensor, shape: readonly number[]): Tensor {
    return this.builder.view(x, shape);
  }

  add(a: Tensor, b: Tensor): Tensor {
    return this.#pair(ops.add, a, b);
  }

  multiply(a: Tensor, b: Tensor): Tensor {
    return this.#pair(ops.multiply, a, b);
  }

  divide(a: Tensor, b: Tensor): Tensor {
    return this.#pair(ops.divide, a, b);
  }

  tanh(x: Tensor): Tensor {
    return this.#single(ops.tanh, x);
  }

  relu(x: Tensor): Tensor {
    return this.#single(ops.relu, x);
  }

  sigmoid(x: Tensor): Tensor {
    return this.#single(ops.sigmoid, x);
  }

  /** scale·x + shift */
  affine(x: Tensor, scale: number, shift: number): Tensor {
    return this.#single(ops.affine, x, { scale, shift });
  }

  /** a + gate ⊙ (b − a): a where the gate is 0, b where it is 1. */
  between(a: Tensor, b: Tensor, gate: Tensor): Tensor {
    return this.add(this.multiply(this.affine(gate, -1, 1), a), this.multiply(gate, b));
  }

  /** x·weightᵀ + bias: x [R,K], weight [P,K], bias [P]. */
  linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
    return this.builder.apply(ops.linear, this.label('linear'), present({ x, weight, bias })).y;
  }

  /** `count` rows of a matrix from row `start`. */
  rows(x: Tensor, start: number, count: number): Tensor {
    return this.builder.apply(ops.slice, this.label('rows'), { x }, { start }, { S: count }).y;
  }

  /** `count` columns of a matrix from column `start`. */
  columns(x: Tensor, start: number, count: number): Tensor {
    return this.builder.apply(ops.slice_columns, this.label('columns'), { x }, { start }, { M: count }).y;
  }

  /** x [N,H] with row n multiplied by scale[n]. */
  scaleRows(x: Tensor, scale: Tensor): Tensor {
    return this.builder.apply(ops.scale_rows, this.label('scaled'), { x, scale }).y;
  }

  /** Row n of `a` where t < lengths[n], else row n of `b`, or zeros without `b`. */
  choose(a: Tensor, b: Tensor | undefined, lengths: Tensor, t: number): Tensor {
    return this.builder.apply(ops.choose_rows, this.label('chosen'), present({ a, b, lengths }), { t }).y;
  }

  /** x after dropout. @param place receives the result; default: an intermediate */
  dropout(
    x: Tensor,
    key: Tensor,
    attributes: { readonly rate: number; readonly site: number; readonly recurrent: boolean },
    place?: Tensor,
  ): Tensor {
    const flat = [elementCount(x.shape)];
    const { y } = this.builder.apply(
      ops.dropout,
      this.label('dropout'),
      present({ x: this.view(x, flat), key, y: place && this.view(place, flat) }),
      attributes,
    );
    return this.view(y, x.shape);
  }

  #single(op: Op, x: Tensor, attributes: Attributes = {}): Tensor {
    return this.view(
      this.builder.apply(op, this.label(op.name), { x: this.view(x, [elementCount(x.shape)]) }, attributes).y,
      x.shape,
    );
  }

  #pair(op: Op, a: Tensor, b: Tensor): Tensor {
    const flat = [elementCount(a.shape)];
    return this.view(
      this.builder.apply(op, this.label(op.name), { a: this.view(a, flat), b: this.view(b, flat) }).y,
      a.shape,
    );
  }
}
