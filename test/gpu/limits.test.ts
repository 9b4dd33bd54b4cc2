import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../src/index.js';
import { openDawn } from '../../src/device/dawn.js';
import { GpuExecutor } from '../../src/gpu/executor.js';
import { checkStorageBuffers } from '../../src/gpu/storage-buffer-limit.js';
import { compileLoaded, type Plan } from '../../src/plan/compile.js';
import type { Op } from '../../src/plan/op.js';
import type { Attributes } from '../../src/plan/planner.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { allOps } from '../support/ops.js';

/** A small op with every option except those in `without`. */
function planOf(
  op: Op,
  attributes: Attributes,
  {
    without = [],
    backward = false,
  }: { readonly without?: readonly string[]; readonly backward?: boolean } = {},
): Plan {
  return compileLoaded(
    buildOpGraph(op, { dims: { T: 2, N: 1, H: 4, E: 4 }, attributes, without }, { backward }).graph,
    allOps,
    { parallelism: 64 },
  );
}

const drops = { dropout: 0.3, recurrentDropout: 0.3 };

describe('more storage buffers than a device allows', () => {
  it.each([
    ['lstm/forward', 9, 'Leave out lengths or recurrentDropout, or use', planOf(allOps.lstm, drops)],
    ['gru/forward', 9, 'Leave out lengths or recurrentDropout, or use', planOf(allOps.gru, drops)],
    [
      'gru/forward_before',
      9,
      'Leave out lengths or recurrentDropout, or use',
      planOf(allOps.gru, { ...drops, reset: 'before' }),
    ],
    [
      'gru/backward',
      9,
      'Leave out lengths or both kinds of dropout or gradientFlow, or use',
      planOf(allOps.gru, { dropout: 0.3 }, { without: ['masked'], backward: true }),
    ],
    [
      'gru/backward_before',
      10,
      'Leave out 2 of lengths, both kinds of dropout, gradientFlow, or use',
      planOf(allOps.gru, { dropout: 0.3, reset: 'before' }, { without: ['masked'], backward: true }),
    ],
  ] as const)('%s, which needs %i: the message says what to do without', (kernel, need, advice, plan) => {
    expect(() => {
      checkStorageBuffers(plan, 8);
    }).toThrow(
      new DeviceError(
        `The kernel ${kernel} needs ${need} storage buffers, but this device allows 8 ` +
          `(maxStorageBuffersPerShaderStage). ${advice} another adapter or the cpu backend`,
        'preparing a plan',
      ),
    );
    checkStorageBuffers(plan, need);
  });

  it('without an option that adds one', () => {
    expect(() => {
      checkStorageBuffers(planOf(allOps.tanh, {}), 1);
    }).toThrow(
      /^The kernel tanh\/forward needs 2 storage buffers, but this device allows 1 .*\. Use another adapter or the cpu backend/,
    );
  });

  it(
    'are refused before anything is made on the device, and without the option the same device takes the ' +
      'program',
    async () => {
      const dawn = await openDawn();
      const adapter = await dawn.gpu?.requestAdapter();
      // A device opened without limits has the minimum that WebGPU guarantees.
      const native = (await adapter?.requestDevice()) as GPUDevice;
      expect(native.limits.maxStorageBuffersPerShaderStage).toBe(8);
      const executor = new GpuExecutor(native);
      const memory = executor.createMemory();
      await expect(executor.load(planOf(allOps.lstm, drops), memory, 1)).rejects.toThrow(
        /^The kernel lstm\/forward needs 9 storage buffers, .*Leave out lengths or recurrentDropout/,
      );
      expect(executor.counts).toEqual({ buffers: 0, bytes: 0, pipelines: 0, bindGroups: 0 });
      await executor.load(planOf(allOps.lstm, drops, { without: ['lengths'] }), memory, 1);
      executor.dispose();
    },
  );
});
