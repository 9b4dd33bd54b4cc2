import { beforeAll, describe, expect, it } from 'vitest';
import { ReferenceDevice } from '../../src/reference/device.js';
import { GpuExecutor } from '../../src/gpu/executor.js';
import { compileLoaded } from '../../src/plan/compile.js';
import { caseName } from '../../src/verify/check-op.js';
import { compareArrays } from '../../src/verify/compare.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { webgpuDevice } from '../support/devices.js';
import { allOps } from '../support/ops.js';

/** The reductions have two forms, for GPUs and for software adapters. Here both run on any adapter. */
describe.each([64, 16384])('planned for %i invocations', (parallelism) => {
  let executor: GpuExecutor;
  beforeAll(async () => (executor = new GpuExecutor((await webgpuDevice()).native)));

  for (const op of [allOps.squared_norm, allOps.step_summary]) {
    for (const opCase of op.cases.filter(({ thorough }) => !thorough)) {
      it(`${op.name} agrees with the reference: ${caseName(opCase)}`, async () => {
        const { graph, data, outputs } = buildOpGraph(op, opCase, { backward: false });
        const judge = new ReferenceDevice(allOps, 'double');
        const gpu = await executor.load(
          compileLoaded(graph, allOps, { parallelism }),
          executor.createMemory(),
          1,
        );
        const cpu = await judge.prepare(graph, await judge.createMemory());
        for (const program of [gpu, cpu]) {
          for (const [name, values] of Object.entries(data)) await program.write(name, values);
          await program.submit([{}]);
        }
        for (const name of outputs)
          expect(compareArrays(await gpu.read(name), await cpu.read(name), 1).error).toBeLessThan(1e-5);
        gpu.dispose();
      });
    }
  }
});
