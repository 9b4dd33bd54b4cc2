import { deviceArray, type DeviceArray } from '../core/arrays.js';
import { elementCount, evaluateShape } from '../core/notation.js';
import { Random, STREAM } from '../core/random.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';
import type { Op, TensorContract } from '../plan/op.js';
import type { Fill, OpCase } from '../plan/op-case.js';
import type { ProductPrecision } from '../plan/target.js';

/** A graph of one op with random data, for the generated checks. */
export interface OpGraph {
  readonly graph: Graph;
  /** Content of every `input` tensor. */
  readonly data: Readonly<Record<string, DeviceArray>>;
  /** Tensors that forward and backward write. They are compared afterwards. */
  readonly outputs: readonly string[];
  readonly gradients: readonly string[];
}

/**
 * Builds forward and, where the op has one, backward with all gradients and random upstream
 * gradients. Tensors have their names in the contract.
 * @param options.accumulate fills the gradients that the op can add to with random numbers, and adds
 * @param options.precision of the operands of products. Default: single
 * @param options.data false omits the arrays, for callers that need only the plan
 */
export function buildOpGraph(
  op: Op,
  opCase: OpCase,
  options: {
    readonly backward: boolean;
    readonly accumulate?: boolean;
    readonly seed?: number;
    readonly data?: boolean;
    readonly precision?: ProductPrecision;
  },
): OpGraph {
  const builder = new GraphBuilder(options.precision);
  const random = new Random(options.seed ?? 1, STREAM.test);
  const data: Record<string, DeviceArray> = {};
  const outputs: string[] = [];
  const gradients: string[] = [];
  const names: Record<string, string> = {};
  const attributes = { ...op.attributes, ...opCase.attributes };
  const shapeOf = (row: TensorContract): number[] => evaluateShape(row.shape, opCase.dims);
  const present = Object.entries(op.tensors).filter(([key]) => !opCase.without?.includes(key));

  for (const [key, row] of present) {
    const read = row.role === 'input' || row.role === 'weight' || row.role === 'inout';
    builder.tensor(
      read ? 'input' : row.role === 'scratch' ? 'value' : 'output',
      key,
      shapeOf(row),
      row.dtype,
    );
    names[key] = key;
    if (read && options.data !== false)
      data[key] = fill(row, elementCount(shapeOf(row)), opCase.fill?.[key], random);
    if (row.role === 'inout' || row.role === 'output' || row.role === 'saved') outputs.push(key);
  }
  builder.add({
    op: op.name,
    phase: 'forward',
    dims: opCase.dims,
    attributes,
    tensors: names,
    accumulate: [],
  });
  if (!options.backward || !op.backward) return { graph: builder.graph, data, outputs, gradients };

  const backward: Record<string, string> = { ...names };
  const accumulate: string[] = [];
  for (const [key, row] of present) {
    if (!row.differentiable) continue;
    const name = `d${key}`;
    const adds = options.accumulate === true && op.accumulates?.includes(name) === true;
    builder.tensor(row.role === 'output' || adds ? 'input' : 'output', name, shapeOf(row));
    backward[name] = name;
    if ((row.role === 'output' || adds) && options.data !== false)
      data[name] = fill(row, elementCount(shapeOf(row)), opCase.fill?.[name], random);
    if (adds) accumulate.push(name);
    if (row.role !== 'output') gradients.push(name);
  }
  builder.add({
    op: op.name,
    phase: 'backward',
    dims: opCase.dims,
    attributes,
    tensors: backward,
    accumulate,
  });
  return { graph: builder.graph, data, outputs, gradients };
}

function fill(row: TensorContract, length: number, how: Fill | undefined, random: Random): DeviceArray {
  const data = deviceArray(row.dtype, length);
  const rule: Fill = how ?? (row.dtype === 'f32' ? { scale: 1 } : { below: 1 });
  for (let i = 0; i < length; i++) {
    if ('values' in rule) data[i] = rule.values[i % rule.values.length];
    else if ('below' in rule) data[i] = random.below(rule.below);
    else data[i] = rule.scale * random.normal() + (rule.shift ?? 0);
  }
  return data;
}
