import { wholeNumber } from '../core/options.js';
import { ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import { kernelCases } from './kernel-cases.js';
import { runKernels, type KernelOptions } from './kernels.js';
import { median } from './statistics.js';
import { TimedProgram } from './timed-program.js';

/** What a device can do at most, and what it costs to ask it: medians over the rounds. */
export interface Ceilings {
  readonly adapter: string;
  readonly runtime: string;
  /** A loop of multiply-adds, each counted as two operations. */
  readonly gflops: number;
  /** A copy, each byte read and each written counted. */
  readonly gbs: number;
  /** One launch in a row of small ones that depend on each other. */
  readonly launchMicroseconds: number;
  /** From handing over one small launch until its result has been read back. */
  readonly submitMicroseconds: number;
}

/** Launches in the row whose mean is the time of one. */
const ROW = 256;

/** Elements that each changes: one workgroup. */
const ELEMENTS = 64;

/** Submits that are timed for one latency. */
const SUBMITS = 20;

/**
 * Measures what a device can do. Multiply-adds and copy are verified before; where they are wrong,
 * they are left out and so are all ceilings.
 */
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

/** Launches one after the other, each of which reads what the one before wrote; the last is reported. */
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
