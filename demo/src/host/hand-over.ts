import { transfer } from 'comlink';

/**
 * Bytes in a message to the page move there and are gone here: a copy of a large network's state
 * would hold the page up for longer than a frame.
 */
export function handOver<T extends object>(message: T, { buffer }: Uint8Array): T {
  return buffer instanceof ArrayBuffer ? transfer(message, [buffer]) : message;
}
