import type { Precision } from '../core/arrays.js';
import { DeviceError, messageOf, OptionError } from '../core/errors.js';
import { oneOf, onlyKnown, wholeNumber } from '../core/options.js';
import { ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import type { GpuDevice } from './gpu-device.js';

/** What computes. */
export const DEVICE_BACKENDS = ['auto', 'webgpu', 'wasm', 'cpu'] as const;

/** What `openDevice` takes. */
export interface OpenDeviceOptions {
  /**
   * - `auto` (the default): WebGPU where there is an adapter, else `cpu`
   * - `webgpu`: WebGPU, on whatever adapter there is
   * - `wasm`: SIMD kernels in WebAssembly on the CPU, on several threads where memory can be shared;
   *   ops without a kernel run their reference
   * - `cpu`: the reference, plain loops that judge the others
   */
  readonly backend?: (typeof DEVICE_BACKENDS)[number];
  /** Storage of floating-point tensors on the CPU. Default `single`. */
  readonly precision?: Precision;
  /** Threads of `wasm` at most. Default: one for each processor, up to 8. */
  readonly threads?: number;
  /**
   * Whether `wasm` may round a product and its sum once (fused multiply-add). Faster, and results
   * are equal between processors of one kind only. Default: where the runtime can. `false` gives the
   * same bits everywhere.
   */
  readonly relaxed?: boolean;
  /**
   * Told which device was taken and why. Default: console.info, and only where `auto` falls back to
   * the CPU.
   */
  readonly onChoice?: (sentence: string) => void;
}

/**
 * Opens the machine to compute on: WebGPU in a browser, Dawn in Node, WebAssembly on the CPU, or the
 * reference.
 * @throws DeviceError where `webgpu` or `wasm` is asked for and there is none, OptionError for a wrong option
 */
export async function openDevice(options: OpenDeviceOptions = {}): Promise<Device> {
  onlyKnown('device', options, ['backend', 'precision', 'threads', 'relaxed', 'onChoice']);
  const backend = oneOf('backend', options.backend ?? 'auto', DEVICE_BACKENDS);
  const precision = oneOf('precision', options.precision ?? 'single', ['single', 'double']);
  if (options.threads !== undefined) wholeNumber('threads', options.threads);
  if (options.relaxed !== undefined && typeof options.relaxed !== 'boolean')
    throw new OptionError('relaxed', options.relaxed, 'true or false');
  if (precision === 'double' && backend === 'wasm')
    throw new OptionError('precision', precision, 'single: only the backend cpu has double');
  // A page with WebGPU never loads it.
  const cpu = async (): Promise<Device> => {
    const { CpuDevice } = await import('../cpu/device.js');
    return new CpuDevice(ops, precision);
  };
  if (backend === 'cpu') return cpu();
  if (backend === 'wasm') return openWasm(options);
  try {
    return await openWebGpu();
  } catch (error) {
    if (backend === 'webgpu') throw error;
    // A caller that gives no onChoice must still learn that it is on the CPU.
    // eslint-disable-next-line no-console
    const tell = options.onChoice ?? console.info;
    tell(`${messageOf(error)} Training on the CPU reference instead, which is slower.`);
    return cpu();
  }
}

/** @throws DeviceError where the runtime has no WebAssembly SIMD */
async function openWasm({ threads, relaxed }: OpenDeviceOptions): Promise<Device> {
  const { hasSimd, WasmDevice } = await import('../wasm/index.js');
  if (!hasSimd())
    throw new DeviceError('This runtime has no WebAssembly SIMD: use the backend cpu', 'opening a device');
  return WasmDevice.open(ops, {
    ...(threads === undefined ? {} : { threads }),
    ...(relaxed === undefined ? {} : { relaxed }),
  });
}

async function openWebGpu(): Promise<GpuDevice> {
  // A page without WebGPU never loads what runs on it.
  const { GpuDevice } = await import('./gpu-device.js');
  const own = typeof navigator === 'undefined' ? undefined : (navigator as Partial<Navigator>).gpu;
  if (own) return GpuDevice.open(own, 'browser', ops);
  const { openDawn } = await import('#dawn');
  const dawn = await openDawn();
  if (!dawn.gpu) throw new DeviceError(`There is no WebGPU here: ${dawn.why}`, 'opening a device');
  return GpuDevice.open(dawn.gpu, dawn.note, ops);
}
