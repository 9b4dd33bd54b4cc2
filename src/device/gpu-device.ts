import type { DeviceError } from '../core/errors.js';
import { openGpu } from '../gpu/adapter.js';
import { GpuExecutor } from '../gpu/executor.js';
import type { GpuMemory } from '../gpu/memory.js';
import { compile } from '../plan/compile.js';
import { checkMemory } from '../plan/check-device.js';
import type { Device, DeviceCounts, DeviceInfo, Memory, Program } from '../plan/device.js';
import type { Graph } from '../plan/graph.js';
import type { OpRegistry } from '../plan/op.js';
import { planTargetOf } from './plan-target.js';

/** Steps of one submit unless the caller says otherwise. */
const DEFAULT_MAX_STEPS = 64;

/** A WebGPU device: compiles graphs to plans and hands them to the GPU executor. */
export class GpuDevice implements Device {
  readonly #executor: GpuExecutor;

  private constructor(
    device: GPUDevice,
    readonly info: DeviceInfo,
    readonly ops: OpRegistry,
  ) {
    this.#executor = new GpuExecutor(device);
  }

  static async open(gpu: GPU, runtime: string, ops: OpRegistry): Promise<GpuDevice> {
    const { device, info } = await openGpu(gpu, runtime);
    return new GpuDevice(device, info, ops);
  }

  get counts(): DeviceCounts {
    return this.#executor.counts;
  }

  get lost(): Promise<DeviceError> {
    return this.#executor.faults.lost;
  }

  /** The WebGPU device underneath, for tests that take it away. */
  get native(): GPUDevice {
    return this.#executor.device;
  }

  createMemory(): Promise<GpuMemory> {
    return Promise.resolve(this.#executor.createMemory());
  }

  async prepare(
    graph: Graph,
    memory: Memory,
    options: { readonly maxSteps?: number } = {},
  ): Promise<Program> {
    checkMemory(memory);
    const plan = await compile(graph, this.ops, planTargetOf(this.info));
    return this.#executor.load(plan, memory as GpuMemory, options.maxSteps ?? DEFAULT_MAX_STEPS);
  }

  dispose(): void {
    this.#executor.dispose();
  }
}
