import {
  openChromeDevice,
  openDevice,
  Trainer,
  type CharModel,
  type Device,
  type TrainerOptions,
} from '../node.js';
import { type SymbolSource, messageOf } from '../graph.js';
import type { BackendName } from './options.js';

/** An opened device, and why it is this one. */
export interface Backend {
  readonly device: Device;
  readonly name: 'webgpu' | 'chrome' | 'wasm' | 'cpu';
  readonly why: string;
}

/** Milliseconds of one unit of the work to come, on a device. */
export type Probe = (device: Device) => Promise<number>;

/** Opens the device for a piece of work. */
export type OpenBackend = (name: BackendName, probe: Probe) => Promise<Backend>;

/**
 * `auto` takes a hardware GPU where there is one; else it measures the work itself on the CPU and
 * on the software adapter, and takes the faster.
 * @throws DeviceError where the backend that was asked for is not to be had
 */
export const openBackend: OpenBackend = async (name, probe) => {
  if (name === 'chrome') return { device: await openChromeDevice(), name, why: 'as asked' };
  if (name !== 'auto') return { device: await openDevice({ backend: name }), name, why: 'as asked' };
  let webgpu: Device;
  try {
    webgpu = await openDevice({ backend: 'webgpu' });
  } catch (error) {
    return {
      device: await openDevice({ backend: 'cpu' }),
      name: 'cpu',
      why: `no WebGPU: ${messageOf(error)}`,
    };
  }
  if (webgpu.info.hardware) return { device: webgpu, name: 'webgpu', why: 'a hardware GPU' };
  const cpu = await openDevice({ backend: 'cpu' });
  let times: { cpu: number; webgpu: number };
  try {
    times = { cpu: await probe(cpu), webgpu: await probe(webgpu) };
  } catch (error) {
    webgpu.dispose();
    cpu.dispose();
    throw error;
  }
  const why =
    `no hardware GPU; measured on this machine: ${milliseconds(times.cpu)} on the CPU, ` +
    `${milliseconds(times.webgpu)} on ${webgpu.info.adapter}`;
  if (times.cpu <= times.webgpu) {
    webgpu.dispose();
    return { device: cpu, name: 'cpu', why };
  }
  cpu.dispose();
  return { device: webgpu, name: 'webgpu', why };
};

function milliseconds(ms: number): string {
  return `${ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3)} ms`;
}

/** Longest time that a probe measures, and most steps. */
const PROBE = { milliseconds: 150, steps: 32 };

/** Measures training steps of this very model on this text or task. */
export function trainingProbe(
  model: CharModel,
  source: SymbolSource,
  options: Omit<TrainerOptions, 'device'>,
): Probe {
  return async (device) => {
    const trainer = await Trainer.create(model, { ...options, device });
    try {
      return await millisecondsPerUnit(PROBE, async (steps) => {
        const reports = trainer.run(source, { steps });
        while ((await reports.next()).done !== true);
      });
    } finally {
      trainer.dispose();
    }
  };
}

/**
 * Runs the work once to warm up, then in growing numbers until it has taken long enough. A first
 * run that takes longer than that is the measurement.
 */
export async function millisecondsPerUnit(
  limit: { readonly milliseconds: number; readonly steps: number },
  work: (count: number) => Promise<void>,
): Promise<number> {
  const timed = async (count: number): Promise<number> => {
    const start = performance.now();
    await work(count);
    return (performance.now() - start) / count;
  };
  const first = await timed(1);
  if (first > limit.milliseconds) return first;
  let each = first;
  for (let count = 2; count <= limit.steps; count *= 2) {
    each = await timed(count);
    if (each * count > limit.milliseconds / 2) break;
  }
  return each;
}
