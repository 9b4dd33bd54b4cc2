import type { Fault } from '../host/messages.js';
import { workbench } from '../training/workbench-words.js';
import { count } from './format.js';

const { faults, machine } = workbench;

/**
 * The message beside a field with a wrong value. Option names belong to the library and the
 * command, so a message about an option is worded anew; other messages are shown unchanged.
 */
export function fieldSentence({ message, accepted, got }: Fault): string {
  if (accepted === undefined) return message;
  return got === undefined || got === ''
    ? faults.empty(needed(accepted))
    : faults.unfit(got, needed(accepted));
}

/** The same, with the field's label, for a place where the field cannot be seen. */
export function labelledSentence(label: string, { message, accepted, got }: Fault): string {
  if (accepted === undefined) return message;
  return got === undefined || got === ''
    ? faults.labelledEmpty(label, needed(accepted))
    : faults.labelled(label, needed(accepted), got);
}

/** What is accepted, with large numbers in the reader's format. */
function needed(accepted: string): string {
  return faults.needed(accepted.replace(/(?<![\d.])\d{5,}(?![\d.])/g, (digits) => count(Number(digits))));
}

/** What computes, for the status line. The adapter's own name stands among the figures. */
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
 * Explains to a visitor why no GPU computes; empty if one does, or if none was requested.
 * @param hasWebGpu whether this browser has WebGPU at all
 * @param notice what the engine reported about its choice
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

/** Words a message of the device for visitors. */
export function deviceFault({ name, message }: Fault): string {
  return name === 'DeviceError' && /adapter|no WebGPU/i.test(message) ? machine.choose : message;
}

/** Reports that a part of the page could not be loaded. @param error the reason, in the browser's words */
export function notLoaded(error: unknown): string {
  return workbench.status.notLoaded(error instanceof Error ? error.message : String(error));
}
