import { OptionError, type DeviceError } from '../core/errors.js';
import { DEFAULT_MAX_STEPS } from '../plan/check-device.js';
import { prepareOnCpu } from '../plan/cpu-execution.js';
import {
  CPU_ADAPTERS,
  type Device,
  type DeviceCounts,
  type DeviceInfo,
  type Memory,
  type PrepareOptions,
  type Program,
} from '../plan/device.js';
import type { Graph } from '../plan/graph.js';
import type { OpRegistry } from '../plan/op.js';
import { Heap, MOST_PAGES } from './heap.js';
import {
  canShareMemory,
  compileKernels,
  createWasmMemory,
  hasRelaxed,
  suitsTallTiles,
  type Arithmetic,
} from './kernels.js';
import { WasmMemory } from './memory.js';
import { WasmProgram } from './program.js';
import { SHARING, type Sharing } from './call-table.js';
import { Team } from './thread-team.js';
import { processorCount } from './workers.js';

/** More threads than this gain nothing at the sizes of recurrent networks. */
const MOST_THREADS = 8;

/** Options of the CPU device. */
export interface WasmDeviceOptions {
  /** Most threads, including the calling one. Default: the number of processors, at most 8. */
  readonly threads?: number;
  /**
   * Allows fused multiply-add: a product and its sum are rounded once where the processor can. It is
   * faster by a third, and results are equal only on processors of the same kind. Default: on where
   * the runtime supports it.
   */
  readonly relaxed?: boolean;
  /** Milliseconds that a step waits for a thread before the device counts as lost. Default 10,000. */
  readonly patience?: number;
  /**
   * Computes products in tiles of six rows, which changes their speed but no bit. Default: on where
   * this runtime is faster with it.
   */
  readonly tallTiles?: boolean;
  /** How much work is shared between threads. Tests share everything. */
  readonly sharing?: Sharing;
}

/** Runs graphs on the CPU at full speed: SIMD kernels in WebAssembly, on several threads. */
export class WasmDevice implements Device {
  readonly info: DeviceInfo;
  readonly lost: Promise<DeviceError>;
  readonly #sharing: Sharing;
  readonly #heap: Heap;
  readonly #team: Team;
  readonly #programs = new Set<WasmProgram>();
  readonly #memories = new Set<WasmMemory>();
  #lastProgram = 0;

  private constructor(
    readonly ops: OpRegistry,
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    arithmetic: Arithmetic,
    readonly threads: number,
    { patience, sharing, tallTiles }: WasmDeviceOptions,
  ) {
    let onLost: (error: DeviceError) => void = () => undefined;
    this.lost = new Promise((resolve) => (onLost = resolve));
    this.#sharing = sharing ?? SHARING;
    this.#heap = new Heap(memory);
    const tall = tallTiles ?? suitsTallTiles(arithmetic);
    this.#team = new Team(module, memory, threads, onLost, tall, patience);
    this.info = {
      backend: 'cpu',
      adapter: CPU_ADAPTERS[arithmetic],
      hardware: false,
      runtime: `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      features: arithmetic === 'relaxed' ? ['relaxed-simd'] : [],
      maxTensorBytes: MOST_PAGES * 65536,
    };
  }

  /** @throws DeviceError where the runtime refuses to compile */
  static async open(ops: OpRegistry, options: WasmDeviceOptions = {}): Promise<WasmDevice> {
    if (options.relaxed === true && !hasRelaxed())
      throw new OptionError(
        'relaxed',
        true,
        'false: this runtime has no relaxed SIMD (Node 22 and Chrome have it)',
      );
    const arithmetic = (options.relaxed ?? hasRelaxed()) ? 'relaxed' : 'simd';
    const shared = canShareMemory();
    const threads = shared ? (options.threads ?? Math.min(MOST_THREADS, processorCount())) : 1;
    const module = await compileKernels(arithmetic, shared);
    const memory = createWasmMemory(shared);
    return new WasmDevice(ops, module, memory, arithmetic, threads, options);
  }

  get counts(): DeviceCounts {
    return { buffers: this.#heap.places, bytes: this.#heap.bytes, pipelines: 0, bindGroups: 0 };
  }

  createMemory(): Promise<WasmMemory> {
    const memory = new WasmMemory(this.#heap, (disposed) => this.#memories.delete(disposed));
    this.#memories.add(memory);
    return Promise.resolve(memory);
  }

  async prepare(graph: Graph, memory: Memory, options: PrepareOptions = {}): Promise<Program> {
    return this.prepareProgram(graph, memory, options);
  }

  /** Like `prepare`, but returns a program that lists the calls without a kernel. */
  async prepareProgram(graph: Graph, memory: Memory, options: PrepareOptions = {}): Promise<WasmProgram> {
    const { ops, summary } = await prepareOnCpu(graph, memory, this.ops, {});
    const program = new WasmProgram(
      graph,
      memory as WasmMemory,
      options.maxSteps ?? DEFAULT_MAX_STEPS,
      summary,
      {
        ops,
        heap: this.#heap,
        team: this.#team,
        sharing: this.#sharing,
        id: ++this.#lastProgram,
        onDispose: (disposed) => this.#programs.delete(disposed),
      },
    );
    this.#programs.add(program);
    try {
      if (program.shared) await this.#team.start();
    } catch (error) {
      program.dispose();
      throw error;
    }
    return program;
  }

  dispose(): void {
    for (const program of this.#programs) program.dispose();
    for (const memory of this.#memories) memory.dispose();
    this.#team.dispose();
  }
}
