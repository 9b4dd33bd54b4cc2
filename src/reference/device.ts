import type { Precision } from '../core/arrays.js';
import type { DeviceError } from '../core/errors.js';
import { DEFAULT_MAX_STEPS } from '../plan/check-device.js';
import { prepareOnCpu } from '../plan/cpu-execution.js';
import type { Device, DeviceCounts, DeviceInfo, Memory, PrepareOptions, Program } from '../plan/device.js';
import type { Graph } from '../plan/graph.js';
import type { OpRegistry } from '../plan/op.js';
import { ReferenceProgram } from './program.js';
import { ReferenceMemory } from './tensors.js';

/**
 * Runs graphs by the references of their ops, in loops. Every GPU result is compared with it, and it
 * is the fallback where there is no WebGPU and no SIMD.
 */
export class ReferenceDevice implements Device {
  readonly info: DeviceInfo;
  readonly lost = new Promise<DeviceError>(() => undefined);
  readonly #programs = new Set<ReferenceProgram>();
  readonly #memories = new Set<ReferenceMemory>();

  constructor(
    readonly ops: OpRegistry,
    readonly precision: Precision = 'single',
  ) {
    this.info = {
      backend: 'reference',
      adapter: `CPU reference, ${precision} precision`,
      hardware: false,
      runtime: 'JavaScript',
      features: [],
      maxTensorBytes: 2 ** 32,
    };
  }

  get counts(): DeviceCounts {
    let buffers = 0;
    let bytes = 0;
    for (const owner of [...this.#programs, ...this.#memories])
      [buffers, bytes] = [buffers + owner.size, bytes + owner.bytes];
    return { buffers, bytes, pipelines: 0, bindGroups: 0 };
  }

  createMemory(): Promise<ReferenceMemory> {
    const memory = new ReferenceMemory(this.precision, (disposed) => this.#memories.delete(disposed));
    this.#memories.add(memory);
    return Promise.resolve(memory);
  }

  async prepare(graph: Graph, memory: Memory, options: PrepareOptions = {}): Promise<Program> {
    return this.prepareArrays(graph, memory, options);
  }

  /** Like `prepare`, but returns a program that gives access to its arrays in full precision. */
  async prepareArrays(graph: Graph, memory: Memory, options: PrepareOptions = {}): Promise<ReferenceProgram> {
    const { ops, summary } = await prepareOnCpu(graph, memory, this.ops);
    const program = new ReferenceProgram(
      graph,
      ops,
      memory as ReferenceMemory,
      this.precision,
      options.maxSteps ?? DEFAULT_MAX_STEPS,
      summary,
      (disposed) => this.#programs.delete(disposed),
    );
    this.#programs.add(program);
    return program;
  }

  dispose(): void {
    for (const program of this.#programs) program.dispose();
    for (const memory of this.#memories) memory.dispose();
  }
}
