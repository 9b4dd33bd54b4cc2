import { describe, expect, it } from 'vitest';
import { ReferenceDevice } from '../../src/reference/device.js';
import { GpuExecutor } from '../../src/gpu/executor.js';
import type { GpuMemory } from '../../src/gpu/memory.js';
import { adam, charModel, PRESETS, Vocabulary } from '../../src/index.js';
import { compileLoaded, type PlannedLaunch } from '../../src/plan/compile.js';
import type { Device } from '../../src/plan/device.js';
import { kernelId, lineGrid, type Kernel } from '../../src/plan/kernel.js';
import { input, output, type LoadedOp, type LoadedOps } from '../../src/plan/op.js';
import { CELLS } from '../../src/cells/facts.js';
import { trainingGraph } from '../../src/train/training-graph.js';
import { caseName, checkOp, type OpCheck } from '../../src/verify/check-op.js';
import { webgpuDevice } from '../support/devices.js';
import {
  allCases,
  casesAtHand,
  casesForOtherKinds,
  launchesOf,
  TARGETS,
  Variants,
  type PlannedCase,
  type TargetName,
} from '../support/kernel-coverage.js';
import { allOps, opWith } from '../support/ops.js';

const device = await webgpuDevice();
const executor = new GpuExecutor(device.native);
const { hardware, features } = device.info;
const subgroups = features.includes('subgroups');
const atHand: TargetName = hardware ? 'gpu' : subgroups ? 'quads' : 'software';
/** Kernels that exchange values between neighbours compile only where the device has subgroups. */
const kinds = (Object.keys(TARGETS) as TargetName[]).filter((name) => name !== 'quads' || subgroups);

/** Runs a case on the adapter at hand as it is planned for `planned.target`. */
async function check(planned: PlannedCase, registry: LoadedOps = allOps): Promise<OpCheck> {
  const judge = new ReferenceDevice(registry, 'double');
  const target: Pick<Device, 'createMemory' | 'prepare'> = {
    createMemory: () => Promise.resolve(executor.createMemory()),
    prepare: (graph, memory) =>
      executor.load(compileLoaded(graph, registry, TARGETS[planned.target]), memory as GpuMemory, 1),
  };
  return checkOp(planned.op, planned.opCase, target as Device, judge, planned.accumulate);
}

const chosen = casesForOtherKinds(allOps, atHand, kinds);

describe.each([...new Set(chosen.map(({ op }) => op.name))])('%s, as other adapters run it', (name) => {
  for (const planned of chosen.filter(({ op }) => op.name === name)) {
    const { opCase, accumulate, target } = planned;
    it(`${target} agrees with the reference${accumulate ? ', added to what is there' : ''}: ${caseName(opCase)}`, async () => {
      const { pass, worst, maxError, tolerance, detail } = await check(planned);
      expect(pass, `${worst}: error ${maxError} (tolerance ${tolerance}) at ${JSON.stringify(detail)}`).toBe(
        true,
      );
    });
  }
});

describe('the kernels that tests run', () => {
  const run = [...casesAtHand(allOps, atHand), ...chosen].flatMap((planned) => [
    ...launchesOf(planned, allOps),
  ]);
  /** test/ops/matmul.test.ts runs products in all sizes of tiles, so they need not run here. */
  const idOf = ({ kernel }: PlannedLaunch): string =>
    kernelId(kernel).replace(/^(matmul\/\w+ \()\d+x\d+ ?/, '$1');
  const ids = new Set(run.map(idOf));
  const unknown = (launches: readonly PlannedLaunch[]): string[] =>
    launches.map(idOf).filter((id) => !ids.has(id));

  it('include every variant that a case reaches, and every kernel of the large cases', () => {
    const variants = new Variants();
    const covered = variants.of(run);
    const cases = allCases(allOps).filter(({ target }) => kinds.includes(target));
    const missed = cases.flatMap((planned) => {
      const launches = launchesOf(planned, allOps);
      return planned.opCase.thorough
        ? unknown(launches)
        : [...variants.of(launches)].filter((variant) => !covered.has(variant));
    });
    expect([...new Set(missed)]).toEqual([]);
  });

  it('include every kernel that cells train with at the sizes of the presets', () => {
    const vocabulary = Vocabulary.fromText('the quick brown fox');
    const missed = new Set<string>();
    for (const { model, train } of Object.values(PRESETS))
      for (const cell of CELLS)
        for (const form of ['fused', 'general'] as const) {
          const { batch: N, loss, clip } = train;
          // Steps of a window differ in their number alone.
          const sizes = { T: 3, N };
          const { hidden, layers } = model;
          const made = charModel({ hidden, layers, vocabulary, cell, form });
          const graph = trainingGraph(made, { sizes, loss, clip, optimizer: adam({ rate: 0.1 }) });
          for (const kind of kinds)
            for (const id of unknown(compileLoaded(graph, allOps, TARGETS[kind]).launches)) missed.add(id);
        }
    expect([...missed]).toEqual([]);
  });

  it('have one text and one list of bindings for each name and form', () => {
    const known = new Map<string, string>();
    for (const planned of allCases(allOps))
      for (const { kernel } of launchesOf(planned, allOps)) {
        const record = JSON.stringify(kernel);
        const first = known.get(kernelId(kernel)) ?? record;
        known.set(kernelId(kernel), first);
        expect(record === first, kernelId(kernel)).toBe(true);
      }
    expect(known.size).toBeGreaterThan(100);
  });
});

/**
 * y = 2x, by a kernel for each kind of adapter. The one for `kind` adds `factor`·x where a gradient
 * is added to what is there: no case runs that by itself, since the sizes take turns.
 */
function twice(kind: TargetName, factor: number): LoadedOp {
  const kernel = (target: TargetName): Kernel => ({
    name: `test/twice_${target}`,
    form: String(target === kind ? factor : 2),
    sources: [
      '@compute @workgroup_size(1) fn main(@builtin(global_invocation_id) id: vec3u) {',
      `#if ADD_Y\ny[id.x] += ${target === kind ? factor : 2}.0 * x[id.x];`,
      '#else\ny[id.x] = 2.0 * x[id.x];\n#endif\n}',
    ],
    bindings: { x: { access: 'read', type: 'f32' }, y: { access: 'read_write', type: 'f32' } },
  });
  const launch = (E: number, target: TargetName, add: boolean, tensors: Record<string, string>) => [
    { kernel: kernel(target), constants: { ADD_Y: add }, tensors, grid: lineGrid(E, 1) },
  ];
  const kindOf = (target: object): TargetName =>
    'quads' in target ? 'quads' : 'parallelism' in target && target.parallelism === 64 ? 'software' : 'gpu';
  return opWith({
    name: 'twice',
    about: 'y = 2x.',
    tensors: { x: input(['E']), y: output(['E']) },
    attributes: {},
    accumulates: ['dx'],
    backward: true,
    reference: {
      forward: ({ x, y }, { E }) => {
        for (let i = 0; i < E; i++) y[i] = 2 * x[i];
      },
      backward: ({ dy, dx }, { E }) => {
        for (let i = 0; i < E; i++) dx[i] = 2 * dy[i];
      },
    },
    plan: {
      forward: ({ dims: { E }, target }) => launch(E, kindOf(target), false, {}),
      backward: ({ dims: { E }, target, accumulate }) =>
        launch(E, kindOf(target), accumulate.length > 0, { x: 'dy', y: 'dx' }),
    },
    cases: [{ dims: { E: 1 }, minor: true }, { dims: { E: 3 } }],
  });
}

describe('a fault in the kernels of a new op', () => {
  const failures = async (op: LoadedOp): Promise<string[]> => {
    const registry = { twice: op };
    const failed: string[] = [];
    for (const planned of casesForOtherKinds(registry, atHand, kinds))
      if (!(await check(planned, registry)).pass) failed.push(planned.target);
    return failed;
  };

  it.each(kinds)('is found in a kernel that only %s runs', async (kind) => {
    expect(await failures(twice(kind, 3))).toContain(kind);
  });

  it('is not reported where there is none', async () => {
    expect(await failures(twice(atHand, 2))).toEqual([]);
  });
});
