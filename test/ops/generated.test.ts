import { afterAll, describe, expect, it } from 'vitest';
import { ReferenceDevice } from '../../src/reference/device.js';
import { caseName, checkOp } from '../../src/verify/check-op.js';
import { formsOf, halfCasesOf, halfPrecisionOf } from '../../src/verify/suite.js';
import { webgpuDevice } from '../support/devices.js';
import { gradientPairs, gradientPairsInPlace } from '../support/gradient-check.js';
import { allOps } from '../support/ops.js';

/**
 * Most elements of a case for central differences, which run the reference hundreds of times. The
 * smaller cases of the same op check its backward.
 */
const LARGEST_FOR_DIFFERENCES = 1500;

let gpuCases = 0;
afterAll(async () =>
  process.stderr.write(`${gpuCases} GPU cases on ${(await webgpuDevice()).info.adapter}\n`),
);

describe.each(Object.values(allOps).map((op) => [op.name, op] as const))('%s', (_, op) => {
  for (const opCase of op.cases) {
    const elements = Object.values(opCase.dims).reduce((product, value) => product * value, 1);

    const inPlace = op.gradientInPlace !== undefined && opCase.attributes?.gradient !== false;
    if ((op.reference.backward ?? inPlace) && elements <= LARGEST_FOR_DIFFERENCES) {
      it(`reference backward agrees with central differences: ${caseName(opCase)}`, async () => {
        const pairs = await (inPlace ? gradientPairsInPlace : gradientPairs)(op, opCase);
        expect(pairs.length).toBeGreaterThan(0);
        const scale = Math.max(1, ...pairs.map(({ differences }) => Math.abs(differences)));
        for (const pair of pairs)
          expect(Math.abs(pair.backward - pair.differences) / scale, JSON.stringify(pair)).toBeLessThan(1e-6);
      });
    }

    if (halfCasesOf(op).includes(opCase))
      it(`GPU agrees with the reference in half precision: ${caseName(opCase)}`, async () => {
        const device = await webgpuDevice();
        const half = halfPrecisionOf(device);
        const check = await checkOp(op, opCase, device, new ReferenceDevice(allOps, 'double'), false, half);
        gpuCases++;
        expect(check.precision).not.toBe('single');
        expect(
          check.pass,
          `${check.worst}: error ${check.maxError} (tolerance ${check.tolerance}) at ` +
            JSON.stringify(check.detail),
        ).toBe(true);
      });

    if (opCase.thorough) continue;
    for (const accumulate of formsOf(op, opCase)) {
      it(
        `GPU agrees with the reference${accumulate ? ', added to what is there' : ''}: ` + caseName(opCase),
        async () => {
          const device = await webgpuDevice();
          const before = device.counts.buffers;
          const check = await checkOp(op, opCase, device, new ReferenceDevice(allOps, 'double'), accumulate);
          gpuCases++;
          expect(
            check.pass,
            `${check.worst}: error ${check.maxError} (tolerance ${check.tolerance}) at ` +
              JSON.stringify(check.detail),
          ).toBe(true);
          expect(device.counts.buffers).toBe(before);
        },
      );
    }
  }
});
