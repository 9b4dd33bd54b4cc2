/** Reads a LEB128 number and returns it with the place after it. */
export function readNumber(bytes: Uint8Array, at: number): readonly [value: number, next: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7, at++) {
    value |= (bytes[at] & 0x7f) << shift;
    if (bytes[at] < 0x80) return [value, at + 1];
  }
}

/** Applies a patch from scripts/binary-patch.mjs, which describes the format. */
export function applyPatch(from: Uint8Array, patch: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let end = 0; // of the last copy
  for (let at = 0; at < patch.length;) {
    const [fresh, bytes] = readNumber(patch, at);
    const [distance, afterDistance] = readNumber(patch, bytes + fresh);
    const [length, next] = readNumber(patch, afterDistance);
    const begin = end + (distance % 2 === 1 ? -(distance + 1) / 2 : distance / 2);
    end = begin + length;
    parts.push(patch.slice(bytes, bytes + fresh), from.slice(begin, end));
    at = next;
  }
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => {
    result.set(part, at);
    return at + part.length;
  }, 0);
  return result;
}
