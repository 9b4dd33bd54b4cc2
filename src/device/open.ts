import type { Precision } from '../core/arrays.js';
import { DeviceError, messageOf } from '../core/errors.js';
import { oneOf, onlyKnown } from '../core/options.js';
import { ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import { GpuDevice } from './gpu-device.js';

/** What `openDevice` takes. */
export interface OpenDeviceOptions {
  /** `auto` (the default) is WebGPU where there is an adapter, else the CPU reference. */
  readonly backend?: 'auto' | 'webgpu' | 'cpu';
  /** Storage of floating-point tensors on the CPU. Default `single`. */
  readonly precision?: Precision;
  /**
   * Told which device was taken and why. Default: console.info, and only where `auto` falls back to
   * the CPU.
   */
  readonly onChoice?: (sentence: string) => void;
}

/**
 * Opens the machine to compute on: WebGPU in a browser, Dawn in Node, or the CPU reference.
 * @throws DeviceError where `webgpu` is asked for and there is none, OptionError for a wrong option
 */
export async function openDevice(options: OpenDeviceOptions = {}): Promise<Device> {
  onlyKnown('device', options, ['backend', 'precision', 'onChoice']);
  const backend = oneOf('backend', options.backend ?? 'auto', ['auto', 'webgpu', 'cpu']);
  const precision = oneOf('precision', options.precision ?? 'single', ['single', 'double']);
  // A page with WebGPU never loads it.
  const cpu = async (): Promise<Device> => {
    const { CpuDevice } = await import('../cpu/device.js');
    return new CpuDevice(ops, precision);
  };
  if (backend === 'cpu') return cpu();
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

async function openWebGpu(): Promise<GpuDevice> {
  const own = typeof navigator === 'undefined' ? undefined : (navigator as Partial<Navigator>).gpu;
  if (own) return GpuDevice.open(own, 'browser', ops);
  const { openDawn } = await import('#dawn');
  const dawn = await openDawn();
  if (!dawn.gpu) throw new DeviceError(`There is no WebGPU here: ${dawn.why}`, 'opening a device');
  return GpuDevice.open(dawn.gpu, dawn.note, ops);
}
