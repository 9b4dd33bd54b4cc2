import { transfer } from 'comlink';

/**
 * Transfers the bytes of a message to the page; the worker cannot read them afterwards. Copying the
 * state of a large network would block the page for longer than a frame.
 */
export function handOver<T extends object>(message: T, { buffer }: Uint8Array): T {
  return buffer instanceof ArrayBuffer ? transfer(message, [buffer]) : message;
}
