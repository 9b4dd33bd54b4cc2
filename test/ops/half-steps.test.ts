import { describe, expect, it } from 'vitest';
import type { Dims } from '../../src/core/notation.js';
import { GpuExecutor } from '../../src/gpu/executor.js';
import type { GpuMemory } from '../../src/gpu/memory.js';
import { compileLoaded } from '../../src/plan/compile.js';
import type { Device } from '../../src/plan/device.js';
import { inHalfPrecision } from '../../src/plan/half.js';
import type { OpCase } from '../../src/plan/op-case.js';
import type { Attributes } from '../../src/plan/planner.js';
import type { PlanTarget } from '../../src/plan/target.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import { runOpGraph } from '../../src/verify/check-op.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { webgpuDevice } from '../support/devices.js';
import { expectRounding } from '../support/half-precision.js';
import { allOps, loadedOp } from '../support/ops.js';

const device = await webgpuDevice();
const executor = new GpuExecutor(device.native);
const judge = new ReferenceDevice(allOps, 'double');
const inHalves = inHalfPrecision(allOps, 'emulated');

const DISCRETE: PlanTarget = { kind: 'discrete', parallelism: 64, workgroupMemory: 32768 };
const SOFTWARE: PlanTarget = {
  ...{ kind: 'software', parallelism: 64, quads: device.info.features.includes('subgroups') },
};

/** A device that plans steps with a variant, if that is not undefined. */
function planning(target: PlanTarget, variant?: string): Device {
  const planned: Pick<Device, 'createMemory' | 'prepare'> = {
    createMemory: () => Promise.resolve(executor.createMemory()),
    prepare: (graph, memory) => {
      const { launches } = compileLoaded(graph, inHalves, target);
      const steps = launches.flatMap(({ choice }) => (choice?.of.includes('steps') ? [choice] : []));
      const variants = Object.fromEntries(variant ? steps.map(({ of }) => [of, variant]) : []);
      for (const { offered } of variant ? steps : []) expect(offered).toContain(variant);
      const plan = compileLoaded(graph, inHalves, { ...target, variants });
      return executor.load(plan, memory as GpuMemory, 1);
    },
  };
  return planned as Device;
}

/** Every body of a step with one sum for each unit, with three and with four. */
const STEPS: readonly (readonly [string, string])[] = [
  ...['simple', '1x4', '4x4', 'window 4'].map((variant) => ['rnn', variant] as const),
  ...['4x4', 'window 1'].map((variant) => ['lstm', variant] as const),
  ...['simple', '1x4', '4x4'].map((variant) => ['gru', variant] as const),
];

/** A case without optional tensors, except those it names. */
function caseOf(name: string, dims: Dims, attributes: Attributes = {}, has: readonly string[] = []): OpCase {
  const optional = Object.entries(loadedOp(name).tensors).filter(([, tensor]) => tensor.optional);
  return {
    dims,
    attributes,
    without: optional.map(([tensor]) => tensor).filter((tensor) => !has.includes(tensor)),
    fill: { weight_hh: { scale: 0.25 }, weight_query: { scale: 0.25 }, key: { values: [7, 3] } },
  };
}

const window = (name: string, attributes?: Attributes, has?: readonly string[]): OpCase =>
  caseOf(name, { T: 2, N: 5, H: 20 }, attributes, has);

async function check(name: string, on: Device, opCase: OpCase): Promise<void> {
  const built = (precision: 'emulated' | 'single') =>
    buildOpGraph(loadedOp(name), opCase, { backward: true, precision });
  const [got, rounded, exact] = await Promise.all([
    runOpGraph(on, built('emulated')),
    runOpGraph(judge, built('emulated')),
    runOpGraph(judge, built('single')),
  ]);
  expectRounding(got.results, rounded.results, exact.results);
}

describe('both operands are rounded to half precision in', () => {
  it.each(STEPS)('steps of %s, %s', async (name, variant) =>
    check(name, planning(DISCRETE, variant), window(name)),
  );

  it.each(['rnn', 'lstm'])('steps of %s on a software adapter, in quads if it has subgroups', async (name) =>
    check(name, planning(SOFTWARE, SOFTWARE.quads ? 'quad 4x16' : '8x4'), window(name)),
  );

  it('steps with recurrent dropout', async () => {
    for (const name of ['rnn', 'gru'])
      await check(
        name,
        planning(DISCRETE, '4x4'),
        window(name, { recurrentDropout: 0.3 }, ['key', 'masked']),
      );
  });

  it('steps of a gru with its reset gate before the product', async () =>
    check('gru', planning(DISCRETE), window('gru', { reset: 'before' })));

  it.each<[string, Dims, PlanTarget]>([
    ['attend', { N: 3, S: 5, A: 12, H: 8, C: 4 }, DISCRETE],
    ['attend', { N: 3, S: 5, A: 11, H: 7, C: 5 }, SOFTWARE],
    ['attention_rnn', { T: 2, N: 4, S: 4, A: 8, H: 8 }, SOFTWARE],
    ['attention_lstm', { T: 2, N: 4, S: 4, A: 8, H: 8 }, SOFTWARE],
    ['attention_gru', { T: 2, N: 4, S: 4, A: 8, H: 8 }, SOFTWARE],
  ])('%s at %o', async (name, dims, target) => check(name, planning(target), caseOf(name, dims)));
});
