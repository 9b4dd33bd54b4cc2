import { onlyKnown } from '../core/options.js';
import type { Device } from '../plan/device.js';
import type { TuningEvent } from './tuning/modes.js';
import { CHOOSE_OPTIONS, chooseDevice, type ChooseDeviceOptions } from './choose.js';

/** What `openDevice` takes. */
export interface OpenDeviceOptions extends ChooseDeviceOptions {
  /** Told where the device is not a hardware GPU though one was hoped for. Default: console.info. */
  readonly onChoice?: (sentence: string) => void;
}

/**
 * Opens the machine to compute on: WebGPU in a browser, Dawn in Node, WebAssembly on the CPU, or the
 * reference.
 * @throws DeviceError where `webgpu` is asked for and there is none, OptionError for a wrong option
 */
export async function openDevice(options: OpenDeviceOptions = {}): Promise<Device> {
  onlyKnown('device', options, [...CHOOSE_OPTIONS, 'onChoice']);
  const { onChoice, ...choice } = options;
  // A caller that gives no callbacks must still learn that it is on the CPU, or its cache damaged.
  // eslint-disable-next-line no-console
  const tell = onChoice ?? console.info;
  const onTuning = (event: TuningEvent): void => {
    if (event.kind === 'warning') tell(event.message);
  };
  const { device, notice } = await chooseDevice({ onTuning, ...choice });
  if (notice !== undefined) tell(notice);
  return device;
}
