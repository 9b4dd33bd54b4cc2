import { createHash, type Hash } from 'node:crypto';
import type { Records } from '../../node.js';

/** SHA-256 of records, by which the workers of a run know that they learn the same. */
export function hashOfRecords(...parts: readonly (Records<object> | undefined)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(`\n${part?.length ?? 0}\n`);
    for (const record of part ?? []) take(record, hash);
  }
  return hash.digest('hex');
}

/** Numbers of images and features by their bytes: as JSON they would be many times as long. */
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
