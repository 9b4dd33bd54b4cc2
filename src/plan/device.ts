import type { DeviceArray } from '../core/arrays.js';
import type { DeviceError } from '../core/errors.js';
import type { Graph } from './graph.js';
import type { Variants } from './op.js';
import type { PlanSummary } from './print.js';
import type { Tensor } from './tensor.js';

/** Adapters of the backend `cpu`, by how they round: results depend on it and not on threads. */
export const CPU_ADAPTERS = { simd: 'CPU, SIMD', relaxed: 'CPU, relaxed SIMD' } as const;

/** Which machine computes, for the screen and for reports. */
export interface DeviceInfo {
  readonly backend: 'webgpu' | 'cpu' | 'reference';
  /**
   * As it calls itself: `NVIDIA H100, nvidia, hopper`, `SwiftShader driver 5.0.0, google,
   * swiftshader (software)`, `CPU, relaxed SIMD`, `CPU reference, single precision`. On two devices
   * of one name, results have the same bits (relaxed SIMD: on processors of one kind).
   */
  readonly adapter: string;
  /** True for a GPU; false for a software adapter and for the CPU. */
  readonly hardware: boolean;
  /** Where the executor lives: `browser`, `Dawn in Node`, `headless Chrome`, `WebAssembly, 2
   * threads`, `JavaScript`. */
  readonly runtime: string;
  readonly features: readonly string[];
  /** Largest tensor in bytes, where there is a limit. */
  readonly maxTensorBytes: number;
  /** Bytes of memory that a workgroup may have, on WebGPU. */
  readonly workgroupMemory?: number;
}

/** The data of all feeds for one training step, by tensor name. */
export type Feeds = Readonly<Record<string, DeviceArray>>;

/** The reports of one training step, by tensor name. */
export type Reports = Readonly<Record<string, DeviceArray>>;

/** GPU time of one kernel, summed over the launches of one step. */
export interface KernelTime {
  readonly kernel: string;
  readonly launches: number;
  readonly microseconds: number;
}

/**
 * What a device holds at the moment; equal numbers after step 10 and step 10,000 mean that nothing
 * leaks.
 */
export interface DeviceCounts {
  readonly buffers: number;
  readonly bytes: number;
  readonly pipelines: number;
  readonly bindGroups: number;
}

/**
 * Tensors that outlive programs and are shared between them by name: parameters, optimizer state,
 * carried state. Zero when new.
 */
export interface Memory {
  /** Creates a tensor if it is not there; refuses another shape under the same name. */
  ensure(tensor: Tensor): Promise<void>;
  has(name: string): boolean;
  /** @throws ShapeError where the length does not fit */
  write(name: string, data: DeviceArray): Promise<void>;
  /** A copy of the content. */
  read(name: string): Promise<DeviceArray>;
  dispose(): void;
}

/**
 * A graph made ready on a device: buffers, pipelines and bind groups exist, and running it
 * allocates nothing.
 */
export interface Program {
  /** Dispatches and bytes; on the CPU those that a GPU would need. */
  readonly summary: PlanSummary;
  /** Most steps that one submit takes. */
  readonly maxSteps: number;
  /** The variants of its kernels, where there was a choice; absent where there never is one. */
  readonly variants?: Variants;
  /**
   * Runs the graph once for each element of `feeds`, in order. Submits queue up: the next may be
   * handed over before this one is done, and the promise resolves with the reports of every step
   * when they have been read back.
   */
  submit(feeds: readonly Feeds[]): Promise<readonly Reports[]>;
  /** Writes an `input`, or any other tensor that this program owns. */
  write(name: string, data: DeviceArray): Promise<void>;
  /** A copy of an `input`, `output` or `memory` tensor. */
  read(name: string): Promise<DeviceArray>;
  /**
   * Times every kernel, or every call on the CPU; undefined where the device cannot. Runs the graph
   * 1 + `repeats` times, and what that changes in memory stays changed.
   */
  time(feeds: Feeds, repeats: number): Promise<readonly KernelTime[] | undefined>;
  dispose(): void;
}

/** How a program is prepared. */
export interface PrepareOptions {
  /** Most steps that one submit takes. Default: as many as suit the device. */
  readonly maxSteps?: number;
  /**
   * Variants that its kernels are to have where the device offers them, before its own rules or
   * measurements: those of a run that is to go on with the same bits.
   */
  readonly variants?: Variants;
}

/**
 * The executor: a GPU, the CPU, the reference, or a GPU in another process. Training code never asks
 * which.
 */
export interface Device {
  readonly info: DeviceInfo;
  readonly counts: DeviceCounts;
  /** Resolves when the device is gone for another reason than `dispose`. */
  readonly lost: Promise<DeviceError>;
  createMemory(): Promise<Memory>;
  prepare(graph: Graph, memory: Memory, options?: PrepareOptions): Promise<Program>;
  /** Frees everything. Running programs reject. */
  dispose(): void;
}
