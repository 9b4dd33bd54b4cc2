import type { Precision } from '../core/arrays.js';
import { DeviceError, messageOf, OptionError } from '../core/errors.js';
import { oneOf, onlyKnown, wholeNumber } from '../core/options.js';
import { VERSION } from '../core/version.js';
import { ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import { fasterDevice, smallProbe, type Probe } from './faster.js';
import type { DeviceTuning, GpuDevice } from './gpu-device.js';
import { TUNE_MODES, type TuneMode, type TuningEvent } from './tuning/modes.js';
import type { TuningStore } from './tuning/record.js';

/** The backends. */
export const DEVICE_BACKENDS = ['auto', 'webgpu', 'cpu', 'reference'] as const;

/** Options of `chooseDevice`. */
export interface ChooseDeviceOptions {
  /**
   * - `auto` (the default): a hardware GPU if WebGPU offers one, else the faster of the CPU and a
   *   software adapter, as measured
   * - `webgpu`: WebGPU on any adapter
   * - `cpu`: SIMD kernels in WebAssembly, on several threads if memory can be shared; the reference
   *   on a runtime without SIMD
   * - `reference`: plain loops that the others are checked against; slow
   */
  readonly backend?: (typeof DEVICE_BACKENDS)[number];
  /** Storage of floating-point tensors of the `reference`. Default `single`, like the others. */
  readonly precision?: Precision;
  /** Most threads of the `cpu`. Default: one for each processor, at most 8. */
  readonly threads?: number;
  /**
   * Whether the `cpu` may round a product and its sum once (fused multiply-add). It is faster by a
   * third, but results are equal only between processors of one kind. Default: true if the runtime
   * can. `false` gives the same bits everywhere.
   */
  readonly relaxed?: boolean;
  /**
   * Measures the coming work, for `auto` without a hardware GPU. Its errors are passed on. Default:
   * a small recurrent layer.
   */
  readonly probe?: Probe;
  /**
   * Whether WebGPU's kernels are chosen by measuring on the adapter. That takes a few hundred
   * milliseconds for each size of a product or a time step, when a program first needs it:
   * - `off` (the default): by rules for its kind of adapter
   * - `cached`: use earlier measurements of this adapter, driver and package version; measure and
   *   store the rest
   * - `force`: measure everything again, and store it
   * Variants differ in the rounding of their last bits. Runs with the same store have the same
   * losses.
   */
  readonly tune?: TuneMode;
  /**
   * Where measured variants are stored. Default: `tuning.json` in the cache folder in Node, nowhere
   * in a page.
   */
  readonly tuningStore?: TuningStore;
  /** Called with measurements and results, and if a store is damaged. */
  readonly onTuning?: (event: TuningEvent) => void;
}

/** Names of these options. */
export const CHOOSE_OPTIONS = [
  'backend',
  'precision',
  'threads',
  'relaxed',
  'probe',
  'tune',
  'tuningStore',
  'onTuning',
];

/** An opened device, and why it was chosen. */
export interface DeviceChoice {
  readonly device: Device;
  /** A phrase: `as asked`, `a hardware GPU`, `no WebGPU: …`. */
  readonly why: string;
  /** A sentence to show, if the device is not what was requested. */
  readonly notice?: string;
}

/**
 * Opens the device to compute on and explains the choice. The command, the pages and `openDevice`
 * use it.
 * @throws DeviceError if `webgpu` is requested and there is none, OptionError for a wrong option
 */
export async function chooseDevice(options: ChooseDeviceOptions = {}): Promise<DeviceChoice> {
  onlyKnown('device', options, CHOOSE_OPTIONS);
  const backend = oneOf('backend', options.backend ?? 'auto', DEVICE_BACKENDS);
  const precision = oneOf('precision', options.precision ?? 'single', ['single', 'double']);
  if (options.threads !== undefined) wholeNumber('threads', options.threads);
  if (options.relaxed !== undefined && typeof options.relaxed !== 'boolean')
    throw new OptionError('relaxed', options.relaxed, 'true or false');
  const tune = oneOf('tune', options.tune ?? 'off', TUNE_MODES);
  if (precision === 'double' && backend !== 'reference')
    throw new OptionError('precision', precision, 'single: only the backend reference has double');
  if (backend === 'reference') return { device: await openReference(precision), why: 'as asked' };
  if (backend === 'webgpu') return { device: await openWebGpu(options, tune), why: 'as asked' };
  if (backend === 'cpu') return openCpu(options);

  let webgpu: GpuDevice;
  try {
    webgpu = await openWebGpu(options, tune);
  } catch (error) {
    const why = messageOf(error);
    const cpu = await openCpu(options);
    return {
      device: cpu.device,
      why: `no WebGPU: ${why}`,
      notice: cpu.notice ?? `${why}. Computing on the CPU instead: ${cpu.device.info.adapter}.`,
    };
  }
  if (webgpu.info.hardware) return { device: webgpu, why: 'a hardware GPU' };
  const cpu = await openCpu(options).catch((error: unknown) => {
    webgpu.dispose();
    throw error;
  });
  const { device, milliseconds } = await fasterDevice([cpu.device, webgpu], options.probe ?? smallProbe);
  const [onCpu, onGpu] = milliseconds.map(readable);
  return {
    device,
    why: `no hardware GPU; measured on this machine: ${onCpu} on the CPU, ${onGpu} on ${webgpu.info.adapter}`,
    notice: `There is no hardware GPU here. As measured, the faster is ${device.info.adapter}.`,
  };
}

/** Opens WebAssembly, or the reference if WebAssembly is not available. */
async function openCpu({ threads, relaxed }: ChooseDeviceOptions): Promise<DeviceChoice> {
  const { hasSimd, WasmDevice } = await import('../wasm/index.js');
  let lack = 'This runtime has no WebAssembly SIMD';
  if (hasSimd()) {
    try {
      const device = await WasmDevice.open(ops, {
        ...(threads === undefined ? {} : { threads }),
        ...(relaxed === undefined ? {} : { relaxed }),
      });
      return { device, why: 'as asked' };
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      lack = messageOf(error);
    }
  }
  const notice = `${lack}. Computing by the reference instead, which is many times slower.`;
  return { device: await openReference('single'), why: notice, notice };
}

async function openReference(precision: Precision): Promise<Device> {
  const { ReferenceDevice } = await import('../reference/device.js');
  return new ReferenceDevice(ops, precision);
}

async function openWebGpu(
  { tuningStore, onTuning }: ChooseDeviceOptions,
  mode: TuneMode,
): Promise<GpuDevice> {
  // A page loads only the code of the backend that it uses.
  const { GpuDevice } = await import('./gpu-device.js');
  const own = typeof navigator === 'undefined' ? undefined : (navigator as Partial<Navigator>).gpu;
  const tuningWith = (store: TuningStore | undefined): DeviceTuning | undefined =>
    mode === 'off' ? undefined : { mode, store: tuningStore ?? store, onEvent: onTuning, version: VERSION };
  if (own) return GpuDevice.open(own, 'browser', ops, tuningWith(undefined));
  const { defaultTuningStore, openDawn } = await import('#dawn');
  const dawn = await openDawn();
  if (!dawn.gpu) throw new DeviceError(`There is no WebGPU here: ${dawn.why}`, 'opening a device');
  return GpuDevice.open(dawn.gpu, dawn.note, ops, tuningWith(defaultTuningStore()));
}

function readable(milliseconds: number): string {
  return `${milliseconds >= 100 ? milliseconds.toFixed(0) : milliseconds.toPrecision(3)} ms`;
}
