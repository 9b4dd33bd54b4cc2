import type { DeviceError } from '../core/errors.js';
import { openGpu } from '../gpu/adapter.js';
import { GpuExecutor } from '../gpu/executor.js';
import type { GpuMemory } from '../gpu/memory.js';
import { compile } from '../plan/compile.js';
import { checkMemory, DEFAULT_MAX_STEPS } from '../plan/check-device.js';
import type { Device, DeviceCounts, DeviceInfo, Memory, PrepareOptions, Program } from '../plan/device.js';
import type { Graph } from '../plan/graph.js';
import type { OpRegistry } from '../plan/op.js';
import type { Variants } from '../plan/target.js';
import { planTargetOf } from './plan-target.js';
import type { Tuner, TuningSettings } from './tuning/tuner.js';

/** Settings of tuning, without the adapter, which is the device's own. */
export type DeviceTuning = Omit<TuningSettings, 'machine'> & { readonly version: string };

/** A WebGPU device: compiles graphs to plans and passes them to the GPU executor. */
export class GpuDevice implements Device {
  readonly #executor: GpuExecutor;
  #tuner: Tuner | undefined;

  private constructor(
    device: GPUDevice,
    readonly info: DeviceInfo,
    readonly ops: OpRegistry,
    immediates: boolean,
  ) {
    this.#executor = new GpuExecutor(device, immediates);
  }

  /** @param tuning default: kernels are chosen by rules */
  static async open(gpu: GPU, runtime: string, ops: OpRegistry, tuning?: DeviceTuning): Promise<GpuDevice> {
    const { device, info, immediates } = await openGpu(gpu, runtime);
    const opened = new GpuDevice(device, info, ops, immediates);
    if (tuning) {
      // The code that measures is loaded only with tuning.
      const { Tuner } = await import('./tuning/tuner.js');
      const { version, ...settings } = tuning;
      const browser = runtime === 'browser' ? [navigator.userAgent] : [];
      const machine = { adapter: info.adapter, runtime: [runtime, ...browser].join(', '), version };
      opened.#tuner = new Tuner({ ...settings, machine }, opened.#executor);
    }
    return opened;
  }

  get counts(): DeviceCounts {
    return this.#executor.counts;
  }

  get lost(): Promise<DeviceError> {
    return this.#executor.faults.lost;
  }

  /** The WebGPU device underneath, which tests destroy. */
  get native(): GPUDevice {
    return this.#executor.device;
  }

  createMemory(): Promise<GpuMemory> {
    return Promise.resolve(this.#executor.createMemory());
  }

  async prepare(graph: Graph, memory: Memory, options: PrepareOptions = {}): Promise<Program> {
    checkMemory(memory);
    const target = planTargetOf(this.info);
    const planWith = (measured: Variants) =>
      compile(graph, this.ops, { ...target, variants: { ...measured, ...options.variants } });
    let plan = await planWith({});
    if (this.#tuner) plan = await planWith(await this.#tuner.variantsFor(plan, planWith, options.variants));
    return this.#executor.load(plan, memory as GpuMemory, options.maxSteps ?? DEFAULT_MAX_STEPS);
  }

  dispose(): void {
    this.#executor.dispose();
  }
}
