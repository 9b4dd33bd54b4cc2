import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { makePatch } from '../../scripts/binary-patch.mjs';
import { compileKernels } from '../../scripts/kernels.mjs';
import { applyPatch } from '../../src/wasm/binary-patch.js';

it('the kernels of both variants take at most 30 KB of a bundle after gzip', async () => {
  const compiled = await compileKernels();
  const bytes = Object.values(compiled).map((text) => gzipSync(text).length);
  expect(bytes).toHaveLength(2);
  expect(bytes[0] + bytes[1]).toBeLessThan(30_000);
});

it.each([
  ['the same bytes', 'one and another', 'one and another'],
  ['nothing', 'something', ''],
  ['of nothing', '', 'something'],
  ['parts in another order', 'the first part, the second part; ', 'the second part; new, the first part, '],
  ['a byte in the middle and one at the end', 'a'.repeat(300), `${'a'.repeat(150)}b${'a'.repeat(149)}c`],
])('a patch makes %s', (_, from, to) => {
  const bytes = new TextEncoder().encode(from);
  const patch = makePatch(bytes, new TextEncoder().encode(to));
  expect(new TextDecoder().decode(applyPatch(bytes, patch))).toBe(to);
});
