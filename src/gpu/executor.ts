import type { Plan } from '../plan/compile.js';
import type { DeviceCounts } from '../plan/device.js';
import { Buffers } from './buffers.js';
import { FaultRecord } from './faults.js';
import { checkStorageBuffers } from './storage-buffer-limit.js';
import { GpuMemory } from './memory.js';
import { Pipelines } from './pipelines.js';
import { GpuProgram } from './program.js';

/**
 * Runs plans on a GPUDevice. It handles kernels and buffers, and no op by name. Read this file first:
 * `program.ts` holds a plan with its buffers and pipelines, `recorder.ts` records its steps,
 * `faults.ts` turns failures into errors, and `adapter.ts` opens the device.
 */
export class GpuExecutor {
  readonly faults: FaultRecord;
  readonly #buffers: Buffers;
  readonly #pipelines: Pipelines;
  readonly #programs = new Set<GpuProgram>();
  readonly #memories = new Set<GpuMemory>();

  /** @param immediates whether the uniforms of a launch can be immediates: see `openGpu` */
  constructor(
    readonly device: GPUDevice,
    immediates = false,
  ) {
    this.faults = new FaultRecord(device);
    this.#buffers = new Buffers(device, this.faults);
    this.#pipelines = new Pipelines(device, this.faults, immediates);
  }

  get counts(): DeviceCounts {
    let bindGroups = 0;
    for (const program of this.#programs) bindGroups += program.groups;
    return {
      buffers: this.#buffers.count,
      bytes: this.#buffers.bytes,
      pipelines: this.#pipelines.count,
      bindGroups,
    };
  }

  createMemory(): GpuMemory {
    this.faults.check();
    const memory = new GpuMemory(this.#buffers, (disposed) => this.#memories.delete(disposed));
    this.#memories.add(memory);
    return memory;
  }

  async load(plan: Plan, memory: GpuMemory, maxSteps: number): Promise<GpuProgram> {
    this.faults.begin('preparing a plan');
    checkStorageBuffers(plan, this.device.limits.maxStorageBuffersPerShaderStage);
    const program = await GpuProgram.create(
      plan,
      memory,
      this.#buffers,
      this.#pipelines,
      maxSteps,
      (disposed) => this.#programs.delete(disposed),
    );
    this.#programs.add(program);
    return program;
  }

  dispose(): void {
    this.faults.dispose();
    for (const program of this.#programs) program.dispose();
    for (const memory of this.#memories) memory.dispose();
    this.device.destroy();
  }
}
