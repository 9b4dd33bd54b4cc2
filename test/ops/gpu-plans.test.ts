import { describe, expect, it } from 'vitest';
import { CpuDevice } from '../../src/cpu/device.js';
import { GpuExecutor } from '../../src/gpu/executor.js';
import type { GpuMemory } from '../../src/gpu/memory.js';
import { opNamed, ops } from '../../src/ops/index.js';
import { compile } from '../../src/plan/compile.js';
import type { Device } from '../../src/plan/device.js';
import { caseName, checkOp } from '../../src/verify/check-op.js';
import { formsOf } from '../../src/verify/suite.js';
import { webgpuDevice } from '../support/devices.js';

let executor: GpuExecutor | undefined;

/**
 * The adapter at hand, for which programs are planned as for the other kind: a software adapter
 * then runs the kernels of real GPUs.
 */
async function plannedForTheOtherKind(): Promise<Pick<Device, 'createMemory' | 'prepare'>> {
  const device = await webgpuDevice();
  const gpu = (executor ??= new GpuExecutor(device.native));
  const parallelism = device.info.hardware ? 64 : 16384;
  return {
    createMemory: () => Promise.resolve(gpu.createMemory()),
    prepare: (graph, memory) => gpu.load(compile(graph, ops, { parallelism }), memory as GpuMemory, 1),
  };
}

/**
 * Minor combinations below this are the same kernels on both kinds of adapters, or are covered by
 * others.
 */
const LARGE = 20;

const names = [
  'rnn',
  'lstm',
  'gru',
  'mingru',
  'minlstm',
  'gather',
  'softmax_cross_entropy',
  'sigmoid_cross_entropy',
  'softmax',
  'masked_softmax',
  'sum_rows',
  'layer_norm',
  'attend',
  'attention_gru',
  'top_k',
  'argmax',
  'add_row',
];

describe.each(names)('%s, planned for the other kind of adapter', (name) => {
  const op = opNamed(name);
  for (const opCase of op.cases.filter(
    ({ thorough, minor, dims }) => !thorough && (!minor || Math.max(...Object.values(dims)) >= LARGE),
  )) {
    // One form is enough: the other is run for the adapter at hand.
    const accumulate = formsOf(op, opCase)[0];
    it(`agrees with the reference${accumulate ? ', added to what is there' : ''}: ${caseName(opCase)}`, async () => {
      const check = await checkOp(
        op,
        opCase,
        (await plannedForTheOtherKind()) as Device,
        new CpuDevice(ops, 'double'),
        accumulate,
      );
      expect(
        check.pass,
        `${check.worst}: error ${check.maxError} (tolerance ${check.tolerance}) at ` +
          JSON.stringify(check.detail),
      ).toBe(true);
    });
  }
});
