import type { Precision } from '../core/arrays.js';
import { DeviceError, messageOf, OptionError } from '../core/errors.js';
import { oneOf, onlyKnown, wholeNumber } from '../core/options.js';
import { CpuDevice } from '../cpu/device.js';
import { ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import { fasterDevice } from './faster.js';
import { GpuDevice } from './gpu-device.js';

/** What computes. */
export const DEVICE_BACKENDS = ['auto', 'webgpu', 'cpu', 'reference'] as const;

/** What `openDevice` takes. */
export interface OpenDeviceOptions {
  /**
   * - `auto` (the default): a hardware GPU where WebGPU offers one, else what is faster of the CPU
   *   and a software adapter, as measured
   * - `webgpu`: WebGPU, on whatever adapter there is
   * - `cpu`: SIMD kernels in WebAssembly, on several threads where memory can be shared
   * - `reference`: plain loops in double precision, which judge the others; slow
   */
  readonly backend?: (typeof DEVICE_BACKENDS)[number];
  /** Storage of floating-point tensors of the `reference`. Default `single`; others are `single`. */
  readonly precision?: Precision;
  /** Threads of the `cpu` at most. Default: one for each processor, up to 8. */
  readonly threads?: number;
  /**
   * Whether the `cpu` may round a product and its sum once (fused multiply-add). A third faster,
   * and results are equal between processors of the same kind only. Default: where the runtime can.
   * `false` gives the same bits everywhere.
   */
  readonly relaxed?: boolean;
  /**
   * Told which device was taken and why. Default: console.info, and only where `auto` falls back to
   * the CPU.
   */
  readonly onChoice?: (sentence: string) => void;
}

const KNOWN = ['backend', 'precision', 'threads', 'relaxed', 'onChoice'];

/**
 * Opens the machine to compute on: WebGPU in a browser, Dawn in Node, WebAssembly on the CPU, or
 * the reference.
 * @throws DeviceError where `webgpu` is asked for and there is none, OptionError for a wrong option
 */
export async function openDevice(options: OpenDeviceOptions = {}): Promise<Device> {
  onlyKnown('device', options, KNOWN);
  const backend = oneOf('backend', options.backend ?? 'auto', DEVICE_BACKENDS);
  const precision = oneOf('precision', options.precision ?? 'single', ['single', 'double']);
  if (options.threads !== undefined) wholeNumber('threads', options.threads);
  if (options.relaxed !== undefined && typeof options.relaxed !== 'boolean')
    throw new OptionError('relaxed', options.relaxed, 'true or false');
  if (precision === 'double' && (backend === 'cpu' || backend === 'webgpu'))
    throw new OptionError('precision', precision, `single: only the backend reference has double`);
  const reference = (): Device => new CpuDevice(ops, precision);
  // A caller that gives no onChoice must still learn that it is on the CPU.
  // eslint-disable-next-line no-console
  const tell = options.onChoice ?? console.info;
  if (backend === 'reference') return reference();
  if (backend === 'webgpu') return openWebGpu();
  if (backend === 'cpu') return openCpu(options, tell);

  let webgpu: GpuDevice | undefined;
  let why = 'There is no hardware GPU.';
  try {
    webgpu = await openWebGpu();
    if (webgpu.info.hardware) return webgpu;
  } catch (error) {
    why = messageOf(error);
  }
  const cpu = precision === 'double' ? reference() : await openCpu(options, tell);
  const device = webgpu ? await fasterDevice(cpu, webgpu) : cpu;
  tell(`${why} ${webgpu ? 'As measured, the faster is' : 'Training on the CPU:'} ${device.info.adapter}.`);
  return device;
}

/** WebAssembly, or the reference where it cannot be had. */
async function openCpu(
  { threads, relaxed }: OpenDeviceOptions,
  tell: (sentence: string) => void,
): Promise<Device> {
  const { hasSimd, WasmDevice } = await import('../wasm/index.js');
  const given = {
    ...(threads === undefined ? {} : { threads }),
    ...(relaxed === undefined ? {} : { relaxed }),
  };
  let why = 'This runtime has no WebAssembly SIMD';
  if (hasSimd()) {
    try {
      return await WasmDevice.open(ops, given);
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      why = messageOf(error);
    }
  }
  tell(`${why}. Computing with the CPU reference instead, which is many times slower.`);
  return new CpuDevice(ops, 'single');
}

async function openWebGpu(): Promise<GpuDevice> {
  const own = typeof navigator === 'undefined' ? undefined : (navigator as Partial<Navigator>).gpu;
  if (own) return GpuDevice.open(own, 'browser', ops);
  const { openDawn } = await import('#dawn');
  const dawn = await openDawn();
  if (!dawn)
    throw new DeviceError(
      'There is no WebGPU here: in a browser, use a current one over https or localhost; in Node, ' +
        'install the package "webgpu" and a Vulkan driver',
      'opening a device',
    );
  return GpuDevice.open(dawn.gpu, dawn.note, ops);
}
