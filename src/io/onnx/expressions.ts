import { transposed, type ShapedArray } from '../gate-blocks.js';
import type { OnnxDimension, OnnxGraph, OnnxType } from './graph.js';

type Attributes = NonNullable<Parameters<OnnxGraph['node']>[3]>;

/**
 * Expressions over the values of an ONNX graph: each method adds nodes and returns a value's name.
 */
export class OnnxExpressions {
  #count = 0;

  constructor(readonly graph: OnnxGraph) {}

  /** An operator with one result, under a new name. */
  apply(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.graph.node(operator, inputs, [`${operator}.${++this.#count}`], attributes);
  }

  /** int64 [K]: axes, shapes, bounds. */
  integers(...values: number[]): string {
    return this.graph.constant(`integers.${values.join('.')}`, [values.length], values, 'int64');
  }

  integer(value: number): string {
    return this.graph.constant(`integer.${value}`, [], [value], 'int64');
  }

  number(value: number): string {
    return this.graph.constant(`number.${value}`, [], [value]);
  }

  unsqueeze(x: string, axis: number): string {
    return this.apply('Unsqueeze', [x, this.integers(axis)]);
  }

  squeeze(x: string, axis: number): string {
    return this.apply('Squeeze', [x, this.integers(axis)]);
  }

  concat(parts: readonly string[], axis: number): string {
    return parts.length === 1 ? parts[0] : this.apply('Concat', parts, { axis });
  }

  transpose(x: string, ...perm: number[]): string {
    return this.apply('Transpose', [x], { perm });
  }

  /** @param shape 0 keeps an axis, −1 is the remaining length */
  reshape(x: string, ...shape: number[]): string {
    return this.apply('Reshape', [x, this.integers(...shape)]);
  }

  sum(x: string, axis: number): string {
    return this.apply('ReduceSum', [x, this.integers(axis)], { keepdims: 0 });
  }

  /** The length of an axis, int64 [1]. */
  length(x: string, axis: number): string {
    return this.apply('Gather', [this.apply('Shape', [x]), this.integers(axis)], { axis: 0 });
  }

  /** Repeats axes of length 1. @param shape the length of each axis, as int64 [1] */
  expand(x: string, shape: readonly string[]): string {
    return this.apply('Expand', [x, this.concat(shape, 0)]);
  }

  /** x·weightᵀ + bias over the last axis. @param name of the weights in the file */
  linear(x: string, name: string, weight: ShapedArray, bias?: ShapedArray): string {
    const [P, K] = weight.shape;
    const matrix = this.graph.constant(`${name}.weight`, [K, P], transposed(weight));
    const product = this.apply('MatMul', [x, matrix]);
    return bias ? this.apply('Add', [product, this.graph.constant(`${name}.bias`, [P], bias.data)]) : product;
  }

  /** Whether a step of x [T,N,..] is unpadded: bool [T,N]. @param lengths int64 [N] */
  ownSteps(x: string, lengths: string): string {
    const T = this.squeeze(this.length(x, 0), 0);
    const steps = this.apply('Range', [this.integer(0), T, this.integer(1)]);
    return this.apply('Less', [this.unsqueeze(steps, 1), this.unsqueeze(lengths, 0)]);
  }

  /** Makes a value an output of the graph, under this name. */
  output(x: string, name: string, type: OnnxType, shape: readonly OnnxDimension[], about: string): void {
    this.graph.node('Identity', [x], [name]);
    this.graph.output(name, type, shape, about);
  }
}
