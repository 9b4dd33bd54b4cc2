import type { Device } from '../../../src/index.js';
import { chooseDevice } from '../../../src/graph.js';

/** A device and why it was taken. */
export interface Opened {
  /** What was asked for. */
  readonly backend: string;
  readonly device: Device;
  /** Why it is not a hardware GPU, where one was hoped for. */
  readonly notice?: string;
}

/** The device that is open, where it is of the backend that is asked for, or else a new one. */
export function openedFor(backend: string, before: Opened | undefined): Opened | Promise<Opened> {
  return before?.backend === backend ? before : open(backend);
}

/** @throws OptionError for an unknown backend, DeviceError where there is none */
async function open(backend: string): Promise<Opened> {
  const { device, notice } = await chooseDevice({ backend: backend as 'auto' });
  return { backend, device, ...(notice === undefined ? {} : { notice }) };
}
