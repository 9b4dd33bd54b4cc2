import { deviceArray, type DeviceArray } from '../core/arrays.js';
import { elementCount } from '../core/notation.js';
import type { ReferenceDevice } from '../reference/device.js';
import type { Device, Program } from '../plan/device.js';
import type { LoadedOp } from '../plan/op.js';
import type { OpCase } from '../plan/op-case.js';
import type { ProductPrecision } from '../plan/target.js';
import { compareArrays, FLOOR, TOLERANCE, type Difference } from './compare.js';
import { buildOpGraph, type OpGraph } from './op-graph.js';

/** The result of checking one op at one size. */
export interface OpCheck {
  readonly op: string;
  /** `T=5 N=3 H=7, nonlinearity=relu` */
  readonly size: string;
  readonly phase: 'forward and backward' | 'backward, added to what is there';
  /** Precision of the operands of products. */
  readonly precision: ProductPrecision;
  readonly maxError: number;
  /** Tensor with the largest error in relation to its tolerance. */
  readonly worst: string;
  readonly tolerance: number;
  readonly pass: boolean;
  /** Time of one run on the device, from submission to completion. */
  readonly milliseconds: number;
  readonly detail: Difference;
}

/** The name of a case in tables. */
export function caseName(opCase: OpCase): string {
  const parts = Object.entries(opCase.dims).map(([letter, value]) => `${letter}=${value}`);
  const settings = Object.entries(opCase.attributes ?? {}).map(([name, value]) => `${name}=${value}`);
  const without = (opCase.without ?? []).map((name) => `no ${name}`);
  return [parts.join(' '), ...settings, ...without].join(', ');
}

/**
 * Runs an op on a device and its reference in double precision, on the same random numbers, and
 * compares all results. Results on the device are filled with NaN first, so that an element which no
 * invocation writes is found.
 */
export async function checkOp(
  op: LoadedOp,
  opCase: OpCase,
  device: Device,
  judge: ReferenceDevice,
  accumulate = false,
  precision: ProductPrecision = 'single',
): Promise<OpCheck> {
  const built = buildOpGraph(op, opCase, { backward: op.backward === true, accumulate, precision });
  const { results: got, milliseconds } = await runOpGraph(device, built);
  const { results: expected } = await runOpGraph(judge, built);
  let worst = { tensor: '', tolerance: 1, difference: compareArrays([], [], 1) };
  const consider = (tensor: string, floor: number, tolerance: number): void => {
    const difference = compareArrays(got[tensor], expected[tensor], floor);
    if (worst.tensor === '' || difference.error / tolerance > worst.difference.error / worst.tolerance)
      worst = { tensor, tolerance, difference };
  };
  const least = leastTolerance(op, precision);
  for (const name of built.outputs)
    consider(name, FLOOR.output, Math.max(opCase.tolerance ?? TOLERANCE.output, least));
  for (const name of built.gradients)
    consider(name, FLOOR.gradient, Math.max(opCase.tolerance ?? 0, TOLERANCE.gradient, least));
  return {
    op: op.name,
    size: caseName(opCase),
    phase: accumulate ? 'backward, added to what is there' : 'forward and backward',
    precision,
    maxError: worst.difference.error,
    worst: worst.tensor,
    tolerance: worst.tolerance,
    pass: worst.difference.error <= worst.tolerance,
    milliseconds,
    detail: worst.difference,
  };
}

/** The smallest tolerance of any result: 0 where those of single precision hold. */
function leastTolerance({ halves }: LoadedOp, precision: ProductPrecision): number {
  if (precision === 'single') return 0;
  if (halves === 'inside') return TOLERANCE[`${precision}Inside`];
  return precision === 'mixed' ? TOLERANCE.mixed : 0;
}

/** Runs the graph once and reads all results. Kernels are compiled before the clock starts. */
export async function runOpGraph(
  device: Device,
  { graph, data, outputs, gradients }: OpGraph,
): Promise<{ results: Record<string, DeviceArray>; milliseconds: number }> {
  const memory = await device.createMemory();
  let program: Program | undefined;
  try {
    program = await device.prepare(graph, memory, { maxSteps: 1 });
    for (const name of [...outputs, ...gradients]) {
      const tensor = graph.tensors[name];
      if (tensor.dtype === 'f32')
        await program.write(name, deviceArray('f32', elementCount(tensor.shape)).fill(NaN));
    }
    for (const [name, values] of Object.entries(data)) await program.write(name, values);
    const began = performance.now();
    await program.submit([{}]);
    const milliseconds = performance.now() - began;
    const results: Record<string, DeviceArray> = {};
    for (const name of [...outputs, ...gradients]) results[name] = await program.read(name);
    return { results, milliseconds };
  } finally {
    program?.dispose();
    memory.dispose();
  }
}
