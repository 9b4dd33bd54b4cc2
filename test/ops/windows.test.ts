import { describe, expect, it } from 'vitest';
import { GpuExecutor } from '../../src/gpu/executor.js';
import type { GpuMemory } from '../../src/gpu/memory.js';
import { adam, charModel, PRESETS, Vocabulary } from '../../src/index.js';
import { WINDOW_ROWS, windowName } from '../../src/ops/recurrent/window.js';
import { compileLoaded, type Plan } from '../../src/plan/compile.js';
import type { Device } from '../../src/plan/device.js';
import type { Graph } from '../../src/plan/graph.js';
import { kernelId } from '../../src/plan/kernel.js';
import type { Fill, OpCase } from '../../src/plan/op-case.js';
import type { PlanTarget } from '../../src/plan/target.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import { trainingGraph } from '../../src/train/training-graph.js';
import { checkOp, runOpGraph } from '../../src/verify/check-op.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { webgpuDevice } from '../support/devices.js';
import { allOps, loadedOp } from '../support/ops.js';

const device = await webgpuDevice();
const executor = new GpuExecutor(device.native);
const judge = new ReferenceDevice(allOps, 'double');

const SOFTWARE: PlanTarget = { kind: 'software', parallelism: 64, workgroupMemory: 16384 };
const DISCRETE: PlanTarget = { kind: 'discrete', parallelism: 16384, workgroupMemory: 16384 };

const CELLS = ['rnn', 'lstm', 'gru'] as const;
const PLAIN = ['keep', 'lengths', 'key', 'h0_learned', 'c0_learned', 'masked', 'dh'];
const masks = { dropout: 0.25, recurrentDropout: 0.4 };

/** The plan in which workgroups own so many rows and go through all steps, each way. */
function windowPlan(graph: Graph, target: PlanTarget, rows: number): Plan {
  const choices = compileLoaded(graph, allOps, target).launches.flatMap(({ choice }) => choice ?? []);
  const steps = choices.filter(({ of }) => of.startsWith('steps '));
  const variants = Object.fromEntries(steps.map(({ of }) => [of, windowName(rows)]));
  const plan = compileLoaded(graph, allOps, { ...target, variants });
  const windows = plan.launches.filter(({ constants }) => constants.WHOLE_WINDOW === true);
  expect(windows).toHaveLength(2);
  expect(plan.launches.filter(({ kernel }) => kernel.uniforms)).toEqual([]);
  return plan;
}

function planning(target: PlanTarget, rows: number): Device {
  const planned: Pick<Device, 'createMemory' | 'prepare'> = {
    createMemory: () => Promise.resolve(executor.createMemory()),
    prepare: (graph, memory) => executor.load(windowPlan(graph, target, rows), memory as GpuMemory, 1),
  };
  return planned as Device;
}

/** Fills as the cases of the cells have them: weights that saturate nothing, rows of all lengths. */
const fill = ({ T, N, H }: { T: number; N: number; H: number }): Readonly<Record<string, Fill>> => ({
  weight_hh: { scale: Math.min(0.4, 1 / Math.sqrt(H)) },
  keep: { values: [1, 0, 1] },
  lengths: { values: Array.from({ length: N }, (_, n) => 1 + ((3 * n + T - 1) % T)) },
  key: { values: [7, 3] },
});

interface Window {
  readonly rows: number;
  readonly target: PlanTarget;
  readonly opCase: OpCase;
}

const window = (
  rows: number,
  target: PlanTarget,
  dims: { T: number; N: number; H: number },
  without: readonly string[],
  attributes: OpCase['attributes'] = {},
): Window => ({ rows, target, opCase: { dims, without, attributes, fill: fill(dims) } });

// Every number of rows, a last workgroup with rows that are not there, both directions, options all
// at once and none, rows of four and not, sums that are split, more units than a workgroup has
// invocations for.
const WINDOWS: readonly Window[] = [
  window(4, SOFTWARE, { T: 6, N: 5, H: 21 }, ['dh'], { ...masks, reverse: true, site: 2 }),
  window(8, DISCRETE, { T: 3, N: 9, H: 20 }, ['dh', 'h0_learned', 'c0_learned'], masks),
  window(
    1,
    DISCRETE,
    { T: 3, N: 2, H: 68 },
    PLAIN.filter((name) => name !== 'dh'),
  ),
  window(
    4,
    SOFTWARE,
    { T: 2, N: 4, H: 36 },
    PLAIN.filter((name) => name !== 'lengths'),
  ),
];

/**
 * The windows of a cell, which need not have all of their tensors. A GRU with lengths and dropout
 * would bind more than every device grants, and takes its steps one by one.
 */
function windowsOf(cell: (typeof CELLS)[number]): Window[] {
  const { tensors } = loadedOp(cell);
  return WINDOWS.map((each) => {
    const leftOut = each.opCase.without ?? [];
    const tooMany = cell === 'gru' && !leftOut.includes('key') ? ['lengths'] : [];
    const without = [...leftOut.filter((name) => name in tensors), ...tooMany];
    return { ...each, opCase: { ...each.opCase, without } };
  });
}

describe.each(CELLS)('%s, all steps in one launch', (cell) => {
  const op = loadedOp(cell);
  for (const { rows, target, opCase } of windowsOf(cell)) {
    const { T, N, H } = opCase.dims;
    it(`agrees with the reference: ${rows} rows to a workgroup, ${target.kind}, T=${T} N=${N} H=${H}`, async () => {
      const check = await checkOp(op, opCase, planning(target, rows), judge);
      expect(check.pass, `${check.worst} error ${check.maxError} at ${JSON.stringify(check.detail)}`).toBe(
        true,
      );
    });
  }

  it('gives the same bits each time', async () => {
    const { rows, target, opCase } = windowsOf(cell)[1];
    const built = buildOpGraph(op, opCase, { backward: true });
    const { results } = await runOpGraph(planning(target, rows), built);
    expect((await runOpGraph(planning(target, rows), built)).results).toEqual(results);
  });
});

describe('plans of a whole window', () => {
  it('use only kernels that this file has run, at the sizes of the presets', () => {
    const run = new Set(
      CELLS.flatMap((cell) =>
        windowsOf(cell).flatMap(({ rows, target, opCase }) => {
          const { graph } = buildOpGraph(loadedOp(cell), opCase, { backward: true, data: false });
          return windowPlan(graph, target, rows).launches.map(({ kernel }) => kernelId(kernel));
        }),
      ),
    );
    const vocabulary = Vocabulary.fromText('the quick brown fox');
    const planned = new Set<string>();
    for (const { model, train } of Object.values(PRESETS))
      for (const cell of CELLS) {
        const { hidden, layers } = model;
        const { batch: N, loss, clip } = train;
        const made = charModel({ hidden, layers, vocabulary, cell });
        const graph = trainingGraph(made, { sizes: { T: 3, N }, loss, clip, optimizer: adam() });
        for (const { kernel, constants } of compileLoaded(graph, allOps, DISCRETE).launches)
          if (constants.WHOLE_WINDOW === true) planned.add(kernelId(kernel));
      }
    expect(planned.size).toBeGreaterThan(0);
    expect([...planned].filter((id) => !run.has(id))).toEqual([]);
  });

  it('fit into workgroup memory, and skip missing rows', () => {
    const offered = (N: number, H: number, workgroupMemory: number): string[] => {
      const { graph } = buildOpGraph(
        loadedOp('lstm'),
        { dims: { T: 2, N, H }, without: PLAIN },
        { backward: true, data: false },
      );
      const { launches } = compileLoaded(graph, allOps, { ...DISCRETE, workgroupMemory });
      const choice = launches.find(({ kernel }) => kernel.name === 'lstm/backward')?.choice;
      return choice?.offered.filter((name) => name.startsWith('window')) ?? [];
    };
    expect(offered(8, 64, 16384)).toEqual(WINDOW_ROWS.map(windowName));
    expect(offered(3, 64, 16384)).toEqual(['window 1', 'window 4']);
    // Two steps of 4·H sums for each row, 4 bytes each; and the parts of a split.
    expect(offered(8, 128, 16384)).toEqual(['window 1', 'window 4']);
    expect(offered(8, 512, 16384)).toEqual([]);
    expect(offered(8, 64, 0)).toEqual([]);
  });
});
