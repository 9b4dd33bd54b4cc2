import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceArray } from '../../src/core/arrays.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import { caseName, checkOp, runOpGraph } from '../../src/verify/check-op.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { formsOf } from '../../src/verify/suite.js';
import { WasmDevice } from '../../src/wasm/device.js';
import { suitsTallTiles } from '../../src/wasm/kernels.js';
import { enableRelaxedSimd } from '../support/relaxed.js';
import { allOps } from '../support/ops.js';

/**
 * Both kinds of arithmetic with one, two and three threads, which share even the smallest call; two
 * threads have the other height of tiles than this runtime would choose.
 */
const variants = [false, true].flatMap((relaxed) =>
  [1, 2, 3].map((threads) => ({
    relaxed,
    threads,
    tallTiles: suitsTallTiles(relaxed ? 'relaxed' : 'simd') !== (threads === 2),
  })),
);
const devices: WasmDevice[] = [];
const judge = new ReferenceDevice(allOps, 'double');

beforeAll(async () => {
  enableRelaxedSimd();
  for (const variant of variants)
    devices.push(await WasmDevice.open(allOps, { ...variant, sharing: { call: 0, step: 0 } }));
});
afterAll(() => devices.forEach((device) => device.dispose()));

const bitsOf = (arrays: Readonly<Record<string, DeviceArray>>): Record<string, Uint32Array> =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, data]) => [name, new Uint32Array(data.buffer as ArrayBuffer)]),
  );

/** Names of the arrays that differ in any bit. */
const differing = (a: Record<string, Uint32Array>, b: Record<string, Uint32Array>): string[] =>
  Object.keys(b).filter((name) => !b[name].every((word, i) => word === a[name][i]));

describe.each(Object.values(allOps).map((op) => [op.name, op] as const))('%s', (_, op) => {
  for (const opCase of op.cases) {
    if (opCase.thorough) continue;
    for (const accumulate of formsOf(op, opCase))
      it(`${caseName(opCase)}${accumulate ? ', added to what is there' : ''}`, async () => {
        const built = buildOpGraph(op, opCase, { backward: op.backward === true, accumulate });
        const bits: Record<string, Uint32Array>[] = [];
        for (const device of devices) bits.push(bitsOf((await runOpGraph(device, built)).results));
        for (const first of [0, 3]) {
          const check = await checkOp(op, opCase, devices[first], judge, accumulate);
          expect(
            check.pass,
            `${devices[first].info.adapter}, ${check.worst}: error ${check.maxError} (tolerance ` +
              `${check.tolerance}) at ${JSON.stringify(check.detail)}`,
          ).toBe(true);
          for (const other of [first + 1, first + 2])
            expect(differing(bits[other], bits[first]), devices[other].info.runtime).toEqual([]);
        }
        for (const device of devices) expect(device.counts.buffers).toBe(0);
      });
  }
});

it('every op has kernels for all of its cases, except one of half precision', async () => {
  const [device] = devices;
  const memory = await device.createMemory();
  const without = new Set<string>();
  for (const op of Object.values(allOps))
    for (const opCase of op.cases) {
      if (opCase.thorough) continue;
      const { graph } = buildOpGraph(op, opCase, { backward: op.backward === true, data: false });
      const program = await device.prepareProgram(graph, memory);
      program.withoutKernel.forEach((name) => without.add(name));
      program.dispose();
    }
  // It belongs to half precision, which the CPU computes by references.
  expect([...without]).toEqual(['loss_scale forward']);
  memory.dispose();
});
