import { OptionError } from '../core/errors.js';
import type { Device, Feeds, Memory, Program, Reports } from '../plan/device.js';
import type { Variants } from '../plan/target.js';
import type { Batch, Sizes } from './batch.js';
import { withRate } from './parameter-groups.js';
import type { StepFacts } from './step-report.js';
import type { Model } from './model.js';
import { ProgramCache } from './program-cache.js';
import type { OnVariantsReplaced } from './replaced-variants.js';
import { rateAt } from './schedules.js';
import type { TrainerConfig } from './trainer-options.js';
import { COUNT, KEY, TOTAL_LOSS, trainingGraph, type StepPart } from './training-graph.js';
import { hyperName, REPORT } from './update.js';

/** A step that was submitted. */
export interface SubmittedStep extends StepFacts {
  /** Each waits for the report of one batch of the step. */
  readonly reports: readonly (() => Promise<Reports>)[];
}

/** A step that has ended. */
export interface FinishedStep {
  readonly facts: StepFacts;
  /** Sum of the losses of its batches. */
  readonly loss: number;
  /** The four numbers that the device reports, see REPORT_FIELDS. */
  readonly report: ArrayLike<number>;
}

/** Batches that are submitted together to one program. */
interface Submit {
  readonly program: Program;
  readonly feeds: Feeds[];
}

/**
 * Submits training steps to a device, with a program for each set of sizes and feeds for each
 * batch.
 */
export class TrainingSteps {
  readonly #programs: ProgramCache;
  #config: TrainerConfig;
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(
    readonly model: Model,
    config: TrainerConfig,
    device: Device,
    memory: Memory,
    variants?: Variants,
    onVariantsReplaced?: OnVariantsReplaced,
  ) {
    this.#config = config;
    this.#programs = new ProgramCache(device, memory, undefined, variants, onVariantsReplaced);
  }

  get config(): TrainerConfig {
    return this.#config;
  }

  /** See `Trainer.variants`. */
  get variants(): Variants {
    return this.#programs.variants;
  }

  /** See `Trainer.setRate`. @throws OptionError */
  setRate(rate: number, group: number): void {
    const { groups } = this.#config;
    if (!(group in groups))
      throw new OptionError('group', group, `a number of a group, 0 to ${groups.length - 1}`);
    const changed = groups.map((each, i) =>
      i === group ? { ...each, optimizer: withRate(each.optimizer, rate) } : each,
    );
    this.#config = { ...this.#config, groups: changed, optimizer: changed[0].optimizer };
  }

  /** Compiles the program of the first part of a step. */
  prepare(sizes: Sizes): Promise<Program> {
    return this.#program(sizes, this.#parts[0]);
  }

  /** The same program if it is compiled, else undefined. */
  prepared(sizes: Sizes): Program | undefined {
    return this.#programs.peek(sizes, this.#parts[0]);
  }

  /**
   * Takes and submits the batches of `count` steps. Consecutive batches of the same sizes share a
   * submit.
   * @param done number of steps before these
   * @param take returns the next batch
   */
  async submit(done: number, count: number, take: () => Promise<Batch>): Promise<SubmittedStep[]> {
    if (this.#programs.full) {
      await this.#underWay;
      this.#programs.trim();
    }
    const parts = this.#parts;
    const submits: Submit[] = [];
    const steps: (StepFacts & { readonly places: (readonly [submit: number, place: number])[] })[] = [];
    for (let step = done + 1; step <= done + count; step++) {
      const batches: Batch[] = [];
      for (let i = 0; i < parts.length; i++) batches.push(await take());
      const targets = batches.reduce((sum, batch) => sum + batch.count, 0);
      const { epoch } = batches[0];
      const places: (readonly [number, number])[] = [];
      for (const [i, part] of parts.entries()) {
        const program = await this.#program(batches[i].sizes, part);
        const last = submits.at(-1);
        if (last?.program !== program || last.feeds.length >= program.maxSteps)
          submits.push({ program, feeds: [] });
        const place = submits[submits.length - 1].feeds.push(
          this.#feeds(batches[i], part, step, epoch, targets),
        );
        places.push([submits.length - 1, place - 1]);
      }
      steps.push({ step, epoch, rate: this.#rate(0, step, epoch), count: targets, places });
    }
    const sent = submits.map(({ program, feeds }) => program.submit(feeds));
    // They are awaited later. Until then a rejection must not be reported as unhandled.
    this.#underWay = Promise.allSettled(sent);
    return steps.map(({ places, ...facts }) => ({
      ...facts,
      reports: places.map(
        ([submit, place]) =>
          async () =>
            (await sent[submit])[place],
      ),
    }));
  }

  dispose(): void {
    this.#programs.dispose();
  }

  /** The parts of a step, in order. */
  get #parts(): StepPart[] {
    const { accumulate } = this.#config;
    if (accumulate === 1) return ['whole'];
    return ['first', ...Array.from({ length: accumulate - 2 }, (): StepPart => 'next'), 'last'];
  }

  #program(sizes: Sizes, part: StepPart): Promise<Program> {
    const { loss, clip, groups, frozen, precision = 'single' } = this.#config;
    const graph = () =>
      trainingGraph(this.model, { sizes, loss, clip, grouping: { groups, frozen }, part, precision });
    return this.#programs.get(sizes, part, graph);
  }

  #rate(group: number, step: number, epoch: number): number {
    const { groups, schedule } = this.#config;
    return rateAt(schedule, step, epoch, groups[group].optimizer.options.rate as number);
  }

  #feeds(batch: Batch, part: StepPart, step: number, epoch: number, total: number): Feeds {
    const { groups, seed, loss } = this.#config;
    const feeds: Record<string, Feeds[string]> = {};
    for (const name of Object.keys(this.model.fields)) feeds[name] = batch.arrays[name];
    if (loss === 'mean') feeds[COUNT] = Float32Array.of(Math.max(total, 1));
    Object.assign(feeds, this.model.drawn?.draw({ seed, step, sizes: batch.sizes }));
    if (this.model.usesDropout) feeds[KEY] = Uint32Array.of(seed, step);
    if (part === 'whole' || part === 'last')
      for (const [group, { optimizer }] of groups.entries())
        feeds[hyperName(group)] = optimizer.hyper(step, this.#rate(group, step, epoch));
    return feeds;
  }
}

/** Waits until steps have ended. */
export async function finishedSteps(steps: readonly SubmittedStep[]): Promise<FinishedStep[]> {
  const arrived: FinishedStep[] = [];
  for (const { reports, ...facts } of steps) {
    const all = await Promise.all(reports.map((report) => report()));
    const report = all.at(-1)?.[REPORT] ?? [];
    // Micro-batches before the last report only their loss.
    const earlier = all.slice(0, -1).reduce((sum, { [TOTAL_LOSS]: [loss] }) => sum + loss, 0);
    arrived.push({ facts, loss: earlier + report[0], report });
  }
  return arrived;
}
