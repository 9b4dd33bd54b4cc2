import type { DeviceArray } from '../core/arrays.js';
import type { DeviceError } from '../core/errors.js';
import type { Graph } from './graph.js';
import type { Variants } from './target.js';
import type { PlanSummary } from './print.js';
import type { Tensor } from './tensor.js';

/**
 * Adapter names of the backend `cpu`. The two round differently, so their results differ in bits.
 */
export const CPU_ADAPTERS = { simd: 'CPU, SIMD', relaxed: 'CPU, relaxed SIMD' } as const;

/** A device as users see it. */
export interface DeviceInfo {
  readonly backend: 'webgpu' | 'cpu' | 'reference';
  /**
   * Name of the adapter, such as `NVIDIA H100, nvidia, hopper`, `SwiftShader driver 5.0.0, google,
   * swiftshader (software)`, `CPU, relaxed SIMD`, `CPU reference, single precision`. Devices of one
   * name give results with the same bits (relaxed SIMD: on processors of one kind).
   */
  readonly adapter: string;
  /** True for a GPU; false for a software adapter and for the CPU. */
  readonly hardware: boolean;
  /**
   * Where the executor runs: `browser`, `Dawn in Node`, `headless Chrome`, `WebAssembly, 2
   * threads`, `JavaScript`.
   */
  readonly runtime: string;
  /** Features of the WebGPU device; of the CPU none. */
  readonly features: readonly string[];
  /** Largest size of a tensor in bytes; Infinity without a limit. */
  readonly maxTensorBytes: number;
  /** Largest memory of a workgroup in bytes; WebGPU only. */
  readonly workgroupMemory?: number;
}

/** The data of all feeds for one training step, by tensor name. */
export type Feeds = Readonly<Record<string, DeviceArray>>;

/** The reports of one training step, by tensor name. */
export type Reports = Readonly<Record<string, DeviceArray>>;

/** Time of one kernel, summed over its launches in one step. */
export interface KernelTime {
  readonly kernel: string;
  readonly launches: number;
  readonly microseconds: number;
}

/** Objects that a device holds now. If step 10 and step 10,000 have equal counts, nothing leaks. */
export interface DeviceCounts {
  readonly buffers: number;
  readonly bytes: number;
  readonly pipelines: number;
  readonly bindGroups: number;
}

/**
 * Tensors that programs share by name and that outlive them: parameters, optimizer state, carried
 * states. New tensors are zero.
 */
export interface Memory {
  /**
   * Creates the tensor if it does not exist.
   * @throws ShapeError where it exists in another shape
   */
  ensure(tensor: Tensor): Promise<void>;
  has(name: string): boolean;
  /** @throws ShapeError where the length does not fit */
  write(name: string, data: DeviceArray): Promise<void>;
  /** A copy of the tensor's content. */
  read(name: string): Promise<DeviceArray>;
  dispose(): void;
}

/**
 * A graph prepared on a device: buffers, pipelines and bind groups exist, and a run allocates
 * nothing.
 */
export interface Program {
  /** Dispatches and bytes; on the CPU those that a GPU would need. */
  readonly summary: PlanSummary;
  /** Largest number of steps in one submit. */
  readonly maxSteps: number;
  /** The variants that were chosen for its kernels. Absent on devices without variants. */
  readonly variants?: Variants;
  /**
   * Runs the graph once for each element of `feeds`, in order. Submits are queued: the next one may
   * be made before this one has ended.
   * @returns the reports of every step, when they have been read back
   */
  submit(feeds: readonly Feeds[]): Promise<readonly Reports[]>;
  /** Writes an `input`, or any other tensor that this program owns. */
  write(name: string, data: DeviceArray): Promise<void>;
  /** A copy of an `input`, `output` or `memory` tensor. */
  read(name: string): Promise<DeviceArray>;
  /**
   * Measures the time of every kernel, or of every call on the CPU. It runs the graph 1 + `repeats`
   * times, and the changes that this makes in memory remain.
   * @returns undefined if the device cannot measure
   */
  time(feeds: Feeds, repeats: number): Promise<readonly KernelTime[] | undefined>;
  dispose(): void;
}

/** Options of `Device.prepare`. */
export interface PrepareOptions {
  /** Largest number of steps in one submit. Default: the device chooses. */
  readonly maxSteps?: number;
  /**
   * Variants for its kernels, which the device uses where it offers them, in place of its own
   * choice. A run that continues with them gives the same bits. Default: none.
   */
  readonly variants?: Variants;
}

/**
 * An executor of graphs: a GPU, the CPU, the reference, or a GPU in another process. Training code
 * works with all of them and does not distinguish them.
 */
export interface Device {
  readonly info: DeviceInfo;
  readonly counts: DeviceCounts;
  /** Resolves when the device is lost for another reason than `dispose`. */
  readonly lost: Promise<DeviceError>;
  createMemory(): Promise<Memory>;
  /** Compiles a graph, and allocates the buffers of its program. */
  prepare(graph: Graph, memory: Memory, options?: PrepareOptions): Promise<Program>;
  /** Frees everything. Submits that are running reject. */
  dispose(): void;
}
