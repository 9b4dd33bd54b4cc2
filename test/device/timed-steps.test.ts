import { expect, it } from 'vitest';
import { Tuner } from '../../src/device/tuning/tuner.js';
import type { GpuExecutor } from '../../src/gpu/executor.js';
import { compileLoaded, type Plan, type PlannedLaunch } from '../../src/plan/compile.js';
import type { PlanTarget, Variants } from '../../src/plan/target.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { allOps, loadedOp } from '../support/ops.js';

const T = 4;
const TARGET: PlanTarget = { kind: 'software', parallelism: 64, workgroupMemory: 16384 };

/** The launches that are timed for an op's choices, by a tuner whose executor only takes notes. */
async function timedLaunches(cell: string, reverse: boolean): Promise<PlannedLaunch[]> {
  const op = loadedOp(cell);
  const { graph } = buildOpGraph(
    op,
    { dims: { T, N: 2, H: 8 }, attributes: { reverse } },
    { backward: true, data: false },
  );
  const planWith = (variants: Variants): Plan => compileLoaded(graph, allOps, { ...TARGET, variants });
  const timed: PlannedLaunch[] = [];
  const executor: Pick<GpuExecutor, 'createMemory' | 'load'> = {
    createMemory: () => ({ dispose: () => undefined }) as ReturnType<GpuExecutor['createMemory']>,
    load: ({ launches }) => {
      timed.push(...launches);
      const program = {
        write: () => Promise.resolve(),
        timeRuns: () => Promise.resolve(1),
        dispose: () => undefined,
      };
      return Promise.resolve(program as unknown as Awaited<ReturnType<GpuExecutor['load']>>);
    },
  };
  const machine = { adapter: 'none', runtime: 'none', version: '0' };
  const settings = { mode: 'force', machine, store: undefined, onEvent: undefined } as const;
  const tuner = new Tuner(settings, executor as GpuExecutor);
  await tuner.variantsFor(planWith({}), (variants) => Promise.resolve(planWith(variants)));
  return timed;
}

// Going back, the step that comes first has nothing after it whose gradients it could multiply: a
// variant of the product would be chosen by a launch that has none.
it.each(['rnn', 'lstm', 'gru'].flatMap((cell) => [false, true].map((reverse) => [cell, reverse] as const)))(
  'what is timed for steps back through a %s has a product (reverse: %s)',
  async (cell, reverse) => {
    const timed = await timedLaunches(cell, reverse);
    const steps = timed.filter(
      ({ from, choice, uniforms }) => from.endsWith('backward') && choice?.of.startsWith('steps') && uniforms,
    );
    expect(steps.length).toBeGreaterThan(2);
    const first = reverse ? 0 : T - 1;
    for (const { uniforms, kernel, constants } of steps) {
      expect(uniforms?.t).not.toBe(first);
      expect(kernel.name).toBe(`${cell}/backward`);
      expect(constants.LAST ?? false).toBe(false);
    }
  },
);
