import type { Fault } from '../host/messages.js';
import { workbench } from '../training/workbench-words.js';
import { count } from './format.js';

const { faults, machine } = workbench;

/**
 * What is wrong with a field, said beside it. Names of options belong to the library and the
 * command, so a message about an option is put into other words; all others are sentences already.
 */
export function fieldSentence({ message, accepted, got }: Fault): string {
  if (accepted === undefined) return message;
  return got === undefined || got === ''
    ? faults.empty(needed(accepted))
    : faults.unfit(got, needed(accepted));
}

/** The same where the field is not in sight. */
export function labelledSentence(label: string, { message, accepted, got }: Fault): string {
  if (accepted === undefined) return message;
  return got === undefined || got === ''
    ? faults.labelledEmpty(label, needed(accepted))
    : faults.labelled(label, needed(accepted), got);
}

/** What would be accepted, with large numbers as they are read. */
function needed(accepted: string): string {
  return faults.needed(accepted.replace(/(?<![\d.])\d{5,}(?![\d.])/g, (digits) => count(Number(digits))));
}

/** What computes, for the status line: the adapter's own name is among the figures. */
export function machineWords({
  backend,
  adapter,
}: {
  readonly backend: 'webgpu' | 'cpu' | 'reference';
  readonly adapter: string;
}): string {
  if (backend === 'reference') return machine.loops;
  if (backend === 'cpu') return machine.processor;
  return adapter.includes('(software)') ? machine.acting : machine.gpu;
}

/**
 * Why it is not a GPU that computes, for visitors; empty where it is one, or where nothing better was
 * hoped for.
 * @param hasWebGpu whether this browser has WebGPU at all
 * @param notice what the engine said of its choice, if anything
 */
export function deviceNotice(
  { backend, notice }: { readonly backend: 'webgpu' | 'cpu' | 'reference'; readonly notice?: string },
  hasWebGpu: boolean,
): string {
  const slow = backend === 'reference' ? machine.muchSlower : machine.slower;
  if (!hasWebGpu && backend !== 'webgpu') return machine.forbidden(slow);
  if (notice === undefined) return '';
  if (backend === 'webgpu') return machine.software;
  return machine.none(slow);
}

/** A message of the device, for visitors. */
export function deviceFault({ name, message }: Fault): string {
  return name === 'DeviceError' && /adapter|no WebGPU/i.test(message) ? machine.choose : message;
}
