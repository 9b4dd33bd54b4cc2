import { wholeNumber } from '../core/options.js';
import { ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import { kernelCases } from './kernel-cases.js';
import { runKernels, type KernelOptions } from './kernels.js';
import { median } from './statistics.js';
import { TimedProgram } from './timed-program.js';

/** The limits of a device, and its fixed costs. Each is a median over the rounds. */
export interface Ceilings {
  readonly adapter: string;
  readonly runtime: string;
  /** Billions of operations a second in a loop of multiply-adds, which count as two operations. */
  readonly gflops: number;
  /** Gigabytes a second in a copy; bytes read and bytes written both count. */
  readonly gbs: number;
  /** Time of one launch in a sequence of small launches that depend on each other. */
  readonly launchMicroseconds: number;
  /** Time from submitting one small launch until its result is read back. */
  readonly submitMicroseconds: number;
}

/** Launches in the sequence whose mean is the time of one. */
const ROW = 256;

/** Elements that each launch changes: one workgroup. */
const ELEMENTS = 64;

/** Submits whose mean is one latency. */
const SUBMITS = 20;

/** Measures the limits of a device. If the loop or the copy is wrong, all are left out. */
export async function measureCeilings(
  device: Device,
  options: Omit<KernelOptions, 'cases' | 'onRow'> = {},
): Promise<Ceilings | undefined> {
  const { adapter, runtime, hardware } = device.info;
  const rounds = wholeNumber('rounds', options.rounds ?? 5);
  const cases = kernelCases(hardware).filter(({ ceiling }) => ceiling !== undefined);
  const rows = await runKernels(device, { ...options, cases });
  const gflops = rows.find(({ ceiling }) => ceiling === 'arithmetic')?.gflops;
  const gbs = rows.find(({ ceiling }) => ceiling === 'bandwidth')?.gbs;
  if (gflops === undefined || gbs === undefined) return undefined;
  options.onDoing?.('launches in a row, and submits');
  const one = await TimedProgram.create(device, rowOfLaunches(1), {});
  try {
    const many = await TimedProgram.create(device, rowOfLaunches(ROW), {});
    try {
      const submits: number[] = [];
      for (let round = 0; round < rounds; round++) {
        await many.turn(options.turnMs ?? 100, round === 0);
        await one.program.submit([{}]);
        submits.push(await submitMicroseconds(one));
      }
      return {
        adapter,
        runtime,
        gflops,
        gbs,
        launchMicroseconds: (many.spread.medianMs * 1000) / ROW,
        submitMicroseconds: median(submits),
      };
    } finally {
      many.dispose();
    }
  } finally {
    one.dispose();
  }
}

/** Launches that each read the result of the launch before. The last result is reported. */
function rowOfLaunches(count: number): Graph {
  const builder = new GraphBuilder();
  let x: Tensor = builder.tensor('input', 'x0', [ELEMENTS]);
  for (let i = 1; i <= count; i++) {
    const y = builder.tensor(i === count ? 'report' : 'value', `x${i}`, [ELEMENTS]);
    builder.apply(ops.affine, `launch ${i}`, { x, y });
    x = y;
  }
  return builder.graph;
}

async function submitMicroseconds({ program }: TimedProgram): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < SUBMITS; i++) {
    const start = performance.now();
    await program.submit([{}]);
    times.push((performance.now() - start) * 1000);
  }
  return median(times);
}
