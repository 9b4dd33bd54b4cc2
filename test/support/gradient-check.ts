import type { NumberArray } from '../../src/core/arrays.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import { ops } from '../../src/ops/index.js';
import type { Op } from '../../src/plan/op.js';
import type { OpCase } from '../../src/plan/op-case.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';

/** One gradient element, from the op's backward reference and from central differences. */
export interface GradientPair {
  readonly tensor: string;
  readonly index: number;
  readonly backward: number;
  readonly differences: number;
}

/** Checked elements of each tensor: all of a small one, else so many, evenly spread. */
const ELEMENTS = 24;

/** Returns the checked indices of a tensor of this length. */
function indices(length: number): number[] {
  const stride = Math.max(1, Math.floor(length / ELEMENTS));
  return Array.from({ length: Math.ceil(length / stride) }, (_, i) => i * stride);
}

/**
 * Checks the gradient with which a loss overwrites its input: that of scale/count · Σ loss, with
 * the scale of the attribute and, if it is fed, the count.
 */
export async function gradientPairsInPlace(op: Op, opCase: OpCase, epsilon = 1e-5): Promise<GradientPair[]> {
  const device = new ReferenceDevice(ops, 'double');
  const { graph, data } = buildOpGraph(op, opCase, { backward: false });
  const program = await device.prepareArrays(graph, await device.createMemory(), { maxSteps: 1 });
  for (const [name, values] of Object.entries(data)) await program.write(name, values);
  const factor = Number(opCase.attributes?.scale ?? 1) / (data.count?.[0] ?? 1);
  const pairs: GradientPair[] = [];
  for (const [tensor, place] of Object.entries(op.gradientInPlace ?? {})) {
    const values = Float64Array.from(data[tensor]);
    const objective = async (): Promise<number> => {
      program.array(tensor).set(values);
      await program.submit([{}]);
      return factor * Float64Array.from(program.array('loss')).reduce((sum, loss) => sum + loss, 0);
    };
    await objective();
    const gradient = Float64Array.from(program.array(place));
    for (const index of indices(values.length)) {
      const kept = values[index];
      values[index] = kept + epsilon;
      const above = await objective();
      values[index] = kept - epsilon;
      const below = await objective();
      values[index] = kept;
      pairs.push({ tensor, index, backward: gradient[index], differences: (above - below) / (2 * epsilon) });
    }
  }
  device.dispose();
  return pairs;
}

/**
 * Checks a backward reference in double precision: the gradient of Σ upstream·output with respect
 * to input and weight elements, against (f(x+ε) − f(x−ε)) / 2ε.
 */
export async function gradientPairs(op: Op, opCase: OpCase, epsilon = 1e-5): Promise<GradientPair[]> {
  const device = new ReferenceDevice(ops, 'double');
  const built = buildOpGraph(op, opCase, { backward: true });
  const program = await device.prepareArrays(built.graph, await device.createMemory(), { maxSteps: 1 });
  for (const [name, values] of Object.entries(built.data)) await program.write(name, values);
  const upstream = Object.keys(built.data).filter((name) => !(name in op.tensors));
  const objective = async (): Promise<number> => {
    await program.submit([{}]);
    let sum = 0;
    for (const name of upstream) {
      const output: NumberArray = program.array(name.slice(1));
      const weight = program.array(name);
      for (let i = 0; i < output.length; i++) sum += output[i] * weight[i];
    }
    return sum;
  };

  await objective();
  const gradients = Object.fromEntries(
    built.gradients.map((name) => [name, Float64Array.from(program.array(name))]),
  );
  const pairs: GradientPair[] = [];
  for (const name of built.gradients) {
    const tensor = name.slice(1);
    const values = program.array(tensor);
    for (const index of indices(built.data[tensor].length)) {
      const kept = values[index];
      values[index] = kept + epsilon;
      const above = await objective();
      values[index] = kept - epsilon;
      const below = await objective();
      values[index] = kept;
      pairs.push({
        tensor,
        index,
        backward: gradients[name][index],
        differences: (above - below) / (2 * epsilon),
      });
    }
  }
  device.dispose();
  return pairs;
}
