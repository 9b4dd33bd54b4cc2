import { afterEach, expect, it, vi } from 'vitest';
import { OptionError } from '../../src/core/errors.js';
import { openDevice } from '../../src/index.js';
import { ops } from '../../src/ops/index.js';
import { runOpGraph } from '../../src/verify/check-op.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';

afterEach(() => vi.unstubAllGlobals());

it('without WebAssembly SIMD the reference is used, and the reason is reported', async () => {
  vi.stubGlobal('WebAssembly', { validate: () => false });
  const told: string[] = [];
  const device = await openDevice({ backend: 'cpu', onChoice: (sentence) => told.push(sentence) });
  expect(device.info.backend).toBe('reference');
  expect(told).toEqual([
    'This runtime has no WebAssembly SIMD. Computing by the reference instead, which is many times slower.',
  ]);
});

it('if a content security policy forbids compilation, the reference is used, and the policy is named', async () => {
  vi.stubGlobal('WebAssembly', {
    validate: WebAssembly.validate,
    compile: () => Promise.reject(new Error('refused')),
  });
  const told: string[] = [];
  const device = await openDevice({ backend: 'cpu', onChoice: (sentence) => told.push(sentence) });
  expect(device.info.backend).toBe('reference');
  expect(told[0]).toContain("script-src 'wasm-unsafe-eval'");
});

it('a page that is not isolated computes on one thread, with a memory that is not shared', async () => {
  const opCase = { dims: { R: 25, P: 65, K: 100 } };
  const built = buildOpGraph(ops.linear, opCase, { backward: true });
  const shared = await openDevice({ backend: 'cpu', relaxed: false });
  vi.stubGlobal('crossOriginIsolated', false);
  const alone = await openDevice({ backend: 'cpu', relaxed: false, threads: 4 });
  expect(alone.info.runtime).toBe('WebAssembly, 1 thread');
  expect((await runOpGraph(alone, built)).results).toEqual((await runOpGraph(shared, built)).results);
  shared.dispose();
});

it('options set threads and arithmetic, and wrong values are refused by name', async () => {
  const device = await openDevice({ backend: 'cpu', threads: 2, relaxed: false });
  expect(device.info).toMatchObject({
    backend: 'cpu',
    adapter: 'CPU, SIMD',
    runtime: 'WebAssembly, 2 threads',
    features: [],
  });
  device.dispose();
  await expect(openDevice({ backend: 'cpu', threads: 0 })).rejects.toThrow(OptionError);
  await expect(openDevice({ backend: 'cpu', relaxed: 'no' as unknown as boolean })).rejects.toThrow(
    OptionError,
  );
  await expect(openDevice({ backend: 'cpu', precision: 'double' })).rejects.toThrow(
    'only the backend reference has double',
  );
});
