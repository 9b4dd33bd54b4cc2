import { DeviceError, UnrolledError } from '../core/errors.js';
import { ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import { ReferenceDevice } from '../reference/device.js';
import { TOLERANCE } from '../verify/compare.js';
import { WorkloadData, type Contestant } from './contestants.js';
import { ownStrategy } from './own-strategies.js';
import { operationsOf, WORKLOADS, type Workload } from './workloads.js';

/** Steps whose losses are verified before timing. The second one follows an update. */
export const VERIFIED_STEPS = 2;

/** The losses with which all strategies are compared. */
export interface Judgement {
  readonly expected: readonly number[];
  readonly by: 'reference' | 'cpu';
}

/** Why nothing can be compared: both would take longer than the budget. */
export interface NoJudgement {
  readonly referenceMs: number;
}

/** Most of a budget that the reference may take, as long as the CPU can take its place. */
const SHARE = 0.5;

/** A workload that shows how fast SIMD kernels are. It takes some milliseconds. */
const CPU_PROBE: Workload = { ...WORKLOADS[2], L: 1, N: 32, T: 8 };

/** Most rows and time steps of the batch on which the reference verifies the CPU. */
const SMALL = { N: 2, T: 4 };

/**
 * Computes what strategies are compared with: the first losses of a workload. The judge is the
 * reference in double precision. Where that takes too long, it is the CPU with its SIMD kernels,
 * after the reference has verified these on the same model with fewer rows and time steps.
 */
export class Judge {
  #cpu: Promise<{ readonly device: Device; readonly speed: number } | undefined> | undefined;

  /**
   * @param referenceSpeed see `speedOf`
   * @param open opens the CPU; undefined in a runtime that refuses SIMD kernels
   */
  constructor(
    readonly referenceSpeed: number,
    readonly open: () => Promise<Device | undefined> = openSimd,
  ) {}

  /** Measures the reference. */
  static async create(): Promise<Judge> {
    return new Judge(await withReference((device) => speedOf(device, WORKLOADS[0])));
  }

  /** Milliseconds of the reference for one training step, about. */
  referenceMs(workload: Workload): number {
    return operationsOf(workload) / this.referenceSpeed;
  }

  /**
   * @param budgetMs for everything about this workload
   * @param onDoing called with the name of the judge
   * @throws UnrolledError if the losses of the CPU are not those of the reference
   */
  async losses(
    data: WorkloadData,
    budgetMs: number,
    onDoing: (judge: string) => void,
  ): Promise<Judgement | NoJudgement> {
    const { workload } = data;
    const referenceMs = VERIFIED_STEPS * this.referenceMs(workload);
    if (referenceMs > SHARE * budgetMs) {
      const cpu = await (this.#cpu ??= measured(this.open));
      const small = { ...workload, N: Math.min(workload.N, SMALL.N), T: Math.min(workload.T, SMALL.T) };
      const cpuMs = cpu && VERIFIED_STEPS * (operationsOf(workload) / cpu.speed + this.referenceMs(small));
      if (cpu && cpuMs !== undefined && cpuMs <= budgetMs) {
        onDoing('cpu in place of the reference');
        await verifyCpu(cpu.device, new WorkloadData(small));
        return { expected: await lossesOn(cpu.device, data), by: 'cpu' };
      }
      if (referenceMs > budgetMs) return { referenceMs };
    }
    onDoing('reference');
    return { expected: await byReference(data), by: 'reference' };
  }

  async dispose(): Promise<void> {
    (await this.#cpu?.catch(() => undefined))?.device.dispose();
  }
}

/** Largest relative error of losses. */
export function errorOf(got: readonly number[], expected: readonly number[]): number {
  return Math.max(...expected.map((loss, i) => Math.abs(got[i] - loss) / Math.abs(loss)));
}

/** `4.1752 and 4.1737` */
export function lossList(losses: readonly number[]): string {
  return losses.map((loss) => loss.toPrecision(7)).join(' and ');
}

async function openSimd(): Promise<Device | undefined> {
  const { hasSimd, WasmDevice } = await import('../wasm/index.js');
  if (!hasSimd()) return undefined;
  try {
    return await WasmDevice.open(ops);
  } catch (error) {
    if (error instanceof DeviceError) return undefined;
    throw error;
  }
}

async function measured(
  open: () => Promise<Device | undefined>,
): Promise<{ readonly device: Device; readonly speed: number } | undefined> {
  const device = await open();
  return device && { device, speed: await speedOf(device, CPU_PROBE) };
}

async function verifyCpu(device: Device, data: WorkloadData): Promise<void> {
  const [got, expected] = [await lossesOn(device, data), await byReference(data)];
  if (errorOf(got, expected) <= TOLERANCE.curve) return;
  throw new UnrolledError(
    `${device.info.adapter} is wrong, so nothing can be compared with it: its losses of ` +
      `${data.workload.N} rows and ${data.workload.T} time steps are ${lossList(got)}, and those of the ` +
      `reference ${lossList(expected)}.`,
  );
}

async function byReference(data: WorkloadData): Promise<readonly number[]> {
  return withReference((device) => lossesOn(device, data));
}

async function withReference<T>(use: (device: Device) => Promise<T>): Promise<T> {
  const device = new ReferenceDevice(ops, 'double');
  try {
    return await use(device);
  } finally {
    device.dispose();
  }
}

function lossesOn(device: Device, data: WorkloadData): Promise<readonly number[]> {
  return withContestant(device, data, (contestant) => contestant.train(VERIFIED_STEPS, 'every loss'));
}

/**
 * Operations of a training step that a device makes in a millisecond, about. It takes the best of a
 * few runs: the first one compiles, and other processes share the machine.
 */
function speedOf(device: Device, workload: Workload): Promise<number> {
  return withContestant(device, new WorkloadData(workload), async (contestant) => {
    let least = Infinity;
    for (let run = 0; run < 4; run++) {
      const start = performance.now();
      await contestant.train(VERIFIED_STEPS, 'last loss');
      least = Math.min(least, performance.now() - start);
    }
    return (VERIFIED_STEPS * operationsOf(workload)) / least;
  });
}

async function withContestant<T>(
  device: Device,
  data: WorkloadData,
  use: (contestant: Contestant) => Promise<T>,
): Promise<T> {
  const contestant = await ownStrategy({ name: 'judge', device, form: 'fused' }).prepare(data);
  try {
    return await use(contestant);
  } finally {
    contestant.dispose();
  }
}
