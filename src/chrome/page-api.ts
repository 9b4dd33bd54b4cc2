import type { DeviceArray } from '../core/arrays.js';
import type { DeviceCounts, DeviceInfo, Feeds, KernelTime, PrepareOptions, Reports } from '../plan/device.js';
import type { Graph } from '../plan/graph.js';
import type { Variants } from '../plan/target.js';
import type { PlanSummary } from '../plan/print.js';
import type { Tensor } from '../plan/tensor.js';
import type { ErrorData } from './error-data.js';

/**
 * The calls from Node to the page. Node numbers memories and programs itself, so that it need not
 * wait for answers. The page starts calls in the order in which they arrive.
 */
export interface PageApi {
  /** Opens the page's WebGPU device. The first call. */
  open(): Promise<DeviceInfo>;
  createMemory(memory: number): Promise<void>;
  ensure(memory: number, tensor: Tensor): Promise<void>;
  writeMemory(memory: number, name: string, data: DeviceArray): Promise<void>;
  readMemory(memory: number, name: string): Promise<DeviceArray>;
  disposeMemory(memory: number): Promise<void>;
  prepare(program: number, graph: Graph, memory: number, options: PrepareOptions): Promise<PreparedProgram>;
  submit(program: number, feeds: readonly Feeds[]): Promise<readonly Reports[]>;
  writeProgram(program: number, name: string, data: DeviceArray): Promise<void>;
  readProgram(program: number, name: string): Promise<DeviceArray>;
  timeProgram(program: number, feeds: Feeds, repeats: number): Promise<readonly KernelTime[] | undefined>;
  disposeProgram(program: number): Promise<void>;
}

/** The data about a program in the page that Node needs. */
export interface PreparedProgram {
  readonly summary: PlanSummary;
  readonly maxSteps: number;
  readonly variants?: Variants;
}

/** Names of the calls. DOING has the operation that messages name for each. */
export type CallName = keyof PageApi;
export const DOING: Readonly<Record<CallName, string>> = {
  open: 'opening a device',
  createMemory: 'creating a memory',
  ensure: 'allocating a tensor',
  writeMemory: 'writing a tensor',
  readMemory: 'reading a tensor',
  disposeMemory: 'freeing a memory',
  prepare: 'preparing a plan',
  submit: 'running steps',
  writeProgram: 'writing a tensor',
  readProgram: 'reading a tensor',
  timeProgram: 'timing kernels',
  disposeProgram: 'freeing a program',
};

/** A message from Node to the page. */
export interface CallMessage {
  readonly id: number;
  readonly name: CallName;
  readonly args: readonly unknown[];
}

/**
 * A message from the page to Node: the answer to a call, with the resources on the device after it;
 * or the news that the device is lost.
 */
export type PageMessage =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown; readonly counts: DeviceCounts }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorData; readonly counts: DeviceCounts }
  | { readonly kind: 'lost'; readonly error: ErrorData };

/** Paths below the page's own address. */
export const SOCKET_PATH = 'socket';
export const PAGE_MODULE = 'page.js';
