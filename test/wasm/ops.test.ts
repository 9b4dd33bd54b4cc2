import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CpuDevice } from '../../src/cpu/device.js';
import { ops } from '../../src/ops/index.js';
import { caseName, checkOp } from '../../src/verify/check-op.js';
import { formsOf } from '../../src/verify/suite.js';
import { WasmDevice } from '../../src/wasm/device.js';

let device: WasmDevice;
const judge = new CpuDevice(ops, 'double');
beforeAll(async () => {
  device = await WasmDevice.open(ops, { threads: 1, relaxed: false });
});
afterAll(() => device.dispose());

describe.each(Object.values(ops).map((op) => [op.name, op] as const))('%s', (_, op) => {
  for (const opCase of op.cases) {
    if (opCase.thorough) continue;
    for (const accumulate of formsOf(op, opCase, true))
      it(`${caseName(opCase)}${accumulate ? ', added to what is there' : ''}`, async () => {
        const check = await checkOp(op, opCase, device, judge, accumulate);
        expect(
          check.pass,
          `${check.worst}: error ${check.maxError} (tolerance ${check.tolerance}) at ` +
            JSON.stringify(check.detail),
        ).toBe(true);
        expect(device.counts.buffers).toBe(0);
      });
  }
});
