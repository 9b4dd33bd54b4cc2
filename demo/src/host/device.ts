import type { Device } from '../../../src/index.js';
import { chooseDevice } from '../../../src/graph.js';

/** An open device, and why it was chosen. */
export interface Opened {
  /** The backend that was requested. */
  readonly backend: string;
  readonly device: Device;
  /** Why the device is not a hardware GPU, where one was requested. */
  readonly notice?: string;
}

/** Returns the open device if it was opened for this backend, else opens one. */
export function openedFor(backend: string, before: Opened | undefined): Opened | Promise<Opened> {
  return before?.backend === backend ? before : open(backend);
}

/** @throws OptionError for an unknown backend, DeviceError where there is none */
async function open(backend: string): Promise<Opened> {
  const { device, notice } = await chooseDevice({ backend: backend as 'auto' });
  return { backend, device, ...(notice === undefined ? {} : { notice }) };
}
