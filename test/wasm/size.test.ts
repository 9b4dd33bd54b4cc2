import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { compileKernels } from '../../scripts/kernels.mjs';

it('the kernels of both variants take at most 30 KB of a bundle after gzip', async () => {
  const compiled = await compileKernels();
  const bytes = Object.values(compiled).map((text) => gzipSync(text).length);
  expect(bytes).toHaveLength(2);
  expect(bytes[0] + bytes[1]).toBeLessThan(30_000);
});
