import { openDevice, type Device } from '../../../src/index.js';

/** A device and why it was taken. */
export interface Opened {
  /** What was asked for. */
  readonly backend: string;
  readonly device: Device;
  /** Why the CPU was taken. */
  readonly notice?: string;
}

/** The device that is open, where it is of the backend that is asked for, or else a new one. */
export function openedFor(backend: string, before: Opened | undefined): Opened | Promise<Opened> {
  return before?.backend === backend ? before : open(backend);
}

/** @throws OptionError for an unknown backend, DeviceError where there is none */
async function open(backend: string): Promise<Opened> {
  let notice: string | undefined;
  const device = await openDevice({
    backend: backend as 'auto',
    onChoice: (sentence) => (notice = sentence),
  });
  return { backend, device, ...(notice === undefined ? {} : { notice }) };
}
