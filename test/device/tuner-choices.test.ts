import { expect, it } from 'vitest';
import { Random, STREAM } from '../../src/core/random.js';
import type { TuningEvent } from '../../src/device/tuning/modes.js';
import { Tuner } from '../../src/device/tuning/tuner.js';
import type { GpuExecutor } from '../../src/gpu/executor.js';
import { charModel, sgd, Vocabulary } from '../../src/index.js';
import { compileLoaded, loadChainPlanner, type Plan, type PlannedLaunch } from '../../src/plan/compile.js';
import { kernelId } from '../../src/plan/kernel.js';
import type { PlanTarget, Variants } from '../../src/plan/target.js';
import { trainingGraph } from '../../src/train/training-graph.js';
import { allOps } from '../support/ops.js';

const planner = await loadChainPlanner(allOps);

/** A machine whose kernels take made-up times: what tuning would find out, without a clock. */
class MadeUpMachine {
  readonly #times = new Map<string, number>();
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed, STREAM.test);
  }

  /** Microseconds of a launch: of each variant for each piece of work from 10 to 1,000. */
  #timeOf({ kernel, choice }: PlannedLaunch): number {
    const key = choice ? `${choice.of} ${choice.taken}` : kernelId(kernel);
    const time = this.#times.get(key) ?? 10 ** (1 + 2 * this.#random.uniform());
    this.#times.set(key, time);
    return time;
  }

  total({ launches }: Plan): number {
    return launches.reduce((sum, launch) => sum + this.#timeOf(launch), 0);
  }

  /** Runs take up to 4 % longer, and one in ten takes five times as long: others share the machine. */
  get executor(): GpuExecutor {
    const load = (plan: Plan) =>
      Promise.resolve({
        write: () => Promise.resolve(),
        timeRuns: () =>
          Promise.resolve(
            this.total(plan) * (1 + 0.04 * this.#random.uniform()) * (this.#random.uniform() < 0.1 ? 5 : 1),
          ),
        dispose: () => undefined,
      });
    return { createMemory: () => ({ dispose: () => undefined }), load } as unknown as GpuExecutor;
  }
}

const TARGETS: readonly PlanTarget[] = [
  { kind: 'software', parallelism: 64, quads: true, workgroupMemory: 16384 },
  { kind: 'discrete', parallelism: 16384, workgroupMemory: 32768 },
];

it('tuning never chooses what is slower than the rules, on machines of all sorts', async () => {
  const groups = new Set<string>();
  let [faster, races] = [0, 0];
  for (const cell of ['rnn', 'lstm', 'gru'] as const) {
    const model = charModel({ vocabulary: Vocabulary.ofNumbers(9), cell, hidden: 64, layers: 2 });
    const graph = trainingGraph(model, {
      sizes: { T: 2, N: 9 },
      loss: 'mean',
      optimizer: sgd({ rate: 0.1 }),
      clip: {},
    });
    for (const target of TARGETS)
      for (const seed of [1, 2, 3]) {
        const machine = new MadeUpMachine(seed);
        const events: TuningEvent[] = [];
        const tuner = new Tuner(
          {
            mode: 'force',
            machine: { adapter: 'made up', runtime: 'none', version: '0' },
            store: undefined,
            onEvent: (event) => events.push(event),
          },
          machine.executor,
        );
        const replan = (variants: Variants): Promise<Plan> =>
          Promise.resolve(compileLoaded(graph, allOps, { ...target, variants }, planner));
        const rules = await replan({});
        const variants = await tuner.variantsFor(rules, replan);
        const tuned = await replan(variants);
        expect(machine.total(tuned)).toBeLessThanOrEqual(machine.total(rules));
        faster += Number(machine.total(tuned) < 0.9 * machine.total(rules));
        races += events.filter(({ kind }) => kind === 'measured').length;
        for (const [of, variant] of Object.entries(variants))
          if (of.startsWith('layers ')) groups.add(variant.split(' ')[0]);
      }
  }
  expect(faster).toBeGreaterThan(9);
  expect(races).toBeGreaterThan(100);
  expect(groups).toEqual(new Set(['each', 'diagonal']));
});
