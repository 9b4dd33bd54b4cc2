import { createHash, type Hash } from 'node:crypto';
import type { Records } from '../../node.js';

/** Returns the SHA-256 of records. Workers compare it, so that all of a run learn the same data. */
export function hashOfRecords(...parts: readonly (Records<object> | undefined)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(`\n${part?.length ?? 0}\n`);
    for (const record of part ?? []) take(record, hash);
  }
  return hash.digest('hex');
}

/** Images and features are hashed as bytes: as JSON they would be many times as long. */
function take(value: unknown, hash: Hash): void {
  if (ArrayBuffer.isView(value))
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  else if (typeof value === 'object' && value !== null)
    for (const [name, entry] of Object.entries(value)) {
      hash.update(`${name}:`);
      take(entry, hash);
    }
  else hash.update(`${JSON.stringify(value) ?? ''};`);
}
