import type { Fault } from '../host/messages.js';
import { count } from './format.js';

/**
 * What is wrong with a field, said beside it. Names of options belong to the library and the
 * command, so a message about an option is put into other words; all others are sentences already.
 */
export function fieldSentence({ message, accepted, got }: Fault): string {
  if (accepted === undefined) return message;
  const needed = accepted.replace(/(?<![\d.])\d{5,}(?![\d.])/g, (digits) => count(Number(digits)));
  return got === undefined || got === ''
    ? `This is empty: it needs ${needed}.`
    : `“${got}” does not fit: it needs ${needed}.`;
}

/** The same where the field is not in sight. */
export function labelledSentence(label: string, fault: Fault): string {
  if (fault.accepted === undefined) return fault.message;
  const { accepted, got } = fault;
  const needed = fieldSentence({ ...fault, accepted, got: '' }).replace(/^This is empty: it/, `“${label}”`);
  return got === undefined || got === '' ? needed : `${needed.slice(0, -1)}, not “${got}”.`;
}

/** What computes, for the status line: the adapter's own name is among the figures. */
export function machineWords({
  backend,
  adapter,
}: {
  readonly backend: 'webgpu' | 'cpu' | 'reference';
  readonly adapter: string;
}): string {
  if (backend === 'reference') return 'on your processor, by plain loops';
  if (backend === 'cpu') return 'on your processor';
  return adapter.includes('(software)') ? 'on your processor, acting as a GPU' : 'on your GPU';
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
  const slow = backend === 'reference' ? 'many times slower' : 'only slower';
  if (!hasWebGpu && backend !== 'webgpu')
    return (
      `This browser lets no page use the GPU, so your processor computes: everything works, ${slow}. ` +
      'Current versions of Chrome, Edge, Firefox and Safari have WebGPU, over https or on this machine.'
    );
  if (notice === undefined) return '';
  if (backend === 'webgpu')
    return 'There is no GPU here. Your processor acts as one, which is the faster way on this machine.';
  return `Your browser has no GPU for this page, so your processor computes: everything works, ${slow}.`;
}

/** A message of the device, for visitors. */
export function deviceFault({ name, message }: Fault): string {
  return name === 'DeviceError' && /adapter|no WebGPU/i.test(message)
    ? 'Your browser has no GPU for this page. Choose “GPU, else the fastest” under “Compute on”: then ' +
        'your processor computes, and everything works, only slower.'
    : message;
}
