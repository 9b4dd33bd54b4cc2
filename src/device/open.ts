import { onlyKnown } from '../core/options.js';
import type { Device } from '../plan/device.js';
import type { TuningEvent } from './tuning/modes.js';
import { CHOOSE_OPTIONS, chooseDevice, type ChooseDeviceOptions } from './choose.js';

/** Options of `openDevice`. */
export interface OpenDeviceOptions extends ChooseDeviceOptions {
  /**
   * Called if the device is not a hardware GPU although one was requested. Default: console.info.
   */
  readonly onChoice?: (sentence: string) => void;
}

/**
 * Opens the device to compute on: WebGPU in a browser, Dawn in Node, WebAssembly on the CPU, or the
 * reference.
 * @throws DeviceError if `webgpu` is requested and there is none, OptionError for a wrong option
 */
export async function openDevice(options: OpenDeviceOptions = {}): Promise<Device> {
  onlyKnown('device', options, [...CHOOSE_OPTIONS, 'onChoice']);
  const { onChoice, ...choice } = options;
  // A caller without callbacks must still learn that the CPU computes, or that its cache is
  // damaged.
  // eslint-disable-next-line no-console
  const tell = onChoice ?? console.info;
  const onTuning = (event: TuningEvent): void => {
    if (event.kind === 'warning') tell(event.message);
  };
  const { device, notice } = await chooseDevice({ onTuning, ...choice });
  if (notice !== undefined) tell(notice);
  return device;
}
