// Makes a patch between two variants of the kernels, which differ in few bytes, so that the package
// contains the second variant as a patch of the first.

/** Shortest copy in bytes. Shorter ones cost as much as they save. */
const SEED = 8;

/** Shortest copy that continues at the end of the previous one. */
const SHORTEST = 3;

/**
 * The patch from `from` to `to`, a list of records: number of new bytes, these bytes, distance of
 * the start of a copy from the end of the previous one, number of copied bytes. Numbers are LEB128;
 * distances have their sign in the lowest bit. src/wasm/binary-patch.ts applies the patch.
 * @param {Uint8Array} from
 * @param {Uint8Array} to
 */
export function makePatch(from, to) {
  const places = new Map();
  for (let i = 0; i + SEED <= from.length; i++) {
    const key = keyAt(from, i);
    const list = places.get(key);
    if (list) list.push(i);
    else places.set(key, [i]);
  }
  const patch = [];
  let written = 0; // bytes of `to` that the records cover
  let expected = 0; // where `from` goes on, if the variants agree again
  let last = 0; // end of the last copy
  for (let j = 0; j < to.length;) {
    let [best, at] = [0, 0];
    for (const i of [expected, ...(places.get(keyAt(to, j)) ?? [])]) {
      let length = 0;
      while (i + length < from.length && j + length < to.length && from[i + length] === to[j + length])
        length++;
      if (length > best) [best, at] = [length, i];
    }
    if (best < (at === expected ? SHORTEST : SEED)) {
      j++;
      expected++;
      continue;
    }
    patch.push(...number(j - written), ...to.subarray(written, j), ...signed(at - last), ...number(best));
    j += best;
    written = j;
    expected = last = at + best;
  }
  if (written < to.length)
    patch.push(...number(to.length - written), ...to.subarray(written), ...signed(0), ...number(0));
  return Uint8Array.from(patch);
}

function keyAt(bytes, i) {
  return bytes.subarray(i, i + SEED).join();
}

function number(value) {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}

function signed(value) {
  return number(value < 0 ? -2 * value - 1 : 2 * value);
}
