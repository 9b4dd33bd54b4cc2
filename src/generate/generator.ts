import { OptionError, UnrolledError } from '../core/errors.js';
import { SerialQueue } from '../core/async-turns.js';
import { ENDED_SCORE, BANNED_LOGIT } from '../core/generation-constants.js';
import { checkDevice, checkMemory } from '../plan/check-device.js';
import type { Device, Memory, Program } from '../plan/device.js';
import { ProgramCache } from '../train/program-cache.js';
import type { Scale } from '../train/source.js';
import { BeamSearch } from './beam-search.js';
import { scaledConditions } from './conditions.js';
import { DrawnSequences } from './drawn-sequences.js';
import * as names from './graphs.js';
import { beginFeeds, isNucleus, startOf, stepFeeds, warmUpOf, type Prepared } from './feeds.js';
import { beginGraph, memoryName, stepGraph, type Kept, type Rows } from './graphs.js';
import { checkGenerative, roundedUp, type GenerativeModel } from './model.js';
import { planGeneration, type Generated, type GenerateOptions, type GenerationPlan } from './options.js';
import { TextPieces, textOf } from './text-pieces.js';
import type { Found, SearchSteps, Tracker } from './results.js';

/**
 * Generators over one memory share its tensors, so the calls for each memory run one after another.
 */
const calls = new WeakMap<Memory, SerialQueue>();

/** Steps of the first submit. Each further submit has twice as many, up to the program's limit. */
const FIRST_STEPS = 16;

/** Largest number of conditions in a group. */
const MOST_ROWS = 32;

/**
 * Generates sequences with the parameters in a memory: greedily, by sampling, or by beam search.
 * Many steps share a submit. Calls run one after another. States are tensors of the memory, one set
 * for each size of conditions; they exist until the memory is disposed of.
 */
export class SequenceGenerator<C = unknown> {
  /**
   * Scales of the numbers in conditions, by field, such as `checkpoint.reading.scales`. A trainer's
   * generator has those of its data set. Default: nothing is scaled.
   */
  scales: Readonly<Record<string, Scale>> = {};
  readonly #programs: ProgramCache;
  readonly #kept = new Map<string, Kept>();
  readonly #calls: SerialQueue;

  private constructor(
    readonly model: GenerativeModel<C>,
    readonly device: Device,
    readonly memory: Memory,
  ) {
    this.#programs = new ProgramCache(device, memory);
    this.#calls = calls.get(memory) ?? new SerialQueue();
    calls.set(memory, this.#calls);
  }

  /**
   * @param memory a memory with the model's parameters
   * @throws OptionError for a model that does not write sequences
   */
  static create<C>(model: GenerativeModel<C>, device: Device, memory: Memory): SequenceGenerator<C> {
    checkGenerative(model);
    checkDevice(device);
    checkMemory(memory);
    return new SequenceGenerator(model, device, memory);
  }

  /**
   * Generates from one condition.
   * @returns `count` results: of a beam search the best first, of sampling in the order of the
   *   draws
   * @throws OptionError for a wrong option, DataError for a condition that the model cannot read,
   *   the signal's reason when it aborts the call
   */
  async generate(condition: C, options: GenerateOptions = {}): Promise<Generated[]> {
    const [results] = await this.generateAll([condition], options);
    return results;
  }

  /**
   * Generates from several conditions at once.
   * @returns for each condition the results that `generate` returns. Samples also depend on the
   *   index of the condition
   */
  generateAll(conditions: readonly C[], options: GenerateOptions = {}): Promise<Generated[][]> {
    return this.#calls.run(async () => {
      const plan = planGeneration(this.model, options);
      if (!Array.isArray(conditions))
        throw new OptionError('conditions', conditions, 'an array of conditions');
      if (plan.onPiece && conditions.length > 1)
        throw new OptionError('onPiece', plan.onPiece, 'undefined with several conditions');
      const results: Generated[][] = [];
      for (let start = 0; start < conditions.length; start += MOST_ROWS)
        results.push(...(await this.#generate(conditions.slice(start, start + MOST_ROWS), plan, start)));
      return results;
    });
  }

  /** Frees the programs, but not the memory. */
  dispose(): void {
    this.#programs.dispose();
  }

  async #generate(conditions: readonly C[], plan: GenerationPlan, first: number): Promise<Generated[][]> {
    plan.signal?.throwIfAborted();
    try {
      const prepared = this.#prepare(conditions, plan, first);
      const begin = await this.#programs.get(keySizes(prepared.rows), 'begin', () =>
        this.#beginGraph(prepared.rows),
      );
      const program = await this.#stepProgram(prepared, plan);
      await this.#writeStart(program, prepared, plan);
      await begin.submit([beginFeeds(prepared)]);
      const tracker = trackerOf(this.model, prepared, plan, conditions.length);
      const pieces = plan.onPiece && new TextPieces(this.model.written, plan.onPiece);
      await this.#run(program, prepared, plan, tracker, pieces);
      const found = tracker.results();
      const searches = plan.search ? tracker.searches?.() : undefined;
      if (pieces && found[0].length > 0) pieces.add(found[0][0].ids, true);
      return conditions.map((_, n) =>
        this.#read(found[n], {
          plan,
          attended: prepared.conditions.attended?.[n],
          search: searches?.[n],
          number: first + n,
        }),
      );
    } finally {
      this.#programs.trim();
    }
  }

  /** Reads the conditions. The last one is repeated, so that their number is a power of two. */
  #prepare(conditions: readonly C[], plan: GenerationPlan, first: number): Prepared {
    const { model } = this;
    const filled = Array.from(
      { length: roundedUp(conditions.length) },
      (_, n) => conditions[Math.min(n, conditions.length - 1)],
    );
    const read = scaledConditions(model.conditionFields, model.readConditions(filled, first), this.scales);
    const rows = { sizes: read.sizes, width: plan.width };
    const key = memoryName(rows, '');
    const kept = this.#kept.get(key) ?? beginGraph(model, rows).kept;
    this.#kept.set(key, kept);
    const forced = filled.map((_, n) => [...Array.from(startOf(model, read, n)).slice(1), ...plan.prefix]);
    return { group: first / MOST_ROWS, rows, kept, conditions: read, forced };
  }

  #beginGraph(rows: Rows): ReturnType<typeof beginGraph>['graph'] {
    return beginGraph(this.model, rows).graph;
  }

  #stepProgram({ rows, kept }: Prepared, plan: GenerationPlan): Promise<Program> {
    const choosing = {
      kind: plan.method.kind === 'beam' ? 'beam' : 'draw',
      ban: plan.ban.length > 0,
      nucleus: isNucleus(plan),
      attention: plan.attention,
    } as const;
    const form = Object.entries(choosing).flatMap(([name, value]) =>
      value === true ? [name] : value === false ? [] : [value],
    );
    return this.#programs.get(keySizes(rows), form.join(' '), () =>
      stepGraph(this.model, rows, kept, choosing),
    );
  }

  /** Writes the tensors that the first step reads and `begin` does not write. */
  async #writeStart(program: Program, prepared: Prepared, plan: GenerationPlan): Promise<void> {
    const { rows, conditions } = prepared;
    const { width } = rows;
    const R = rows.sizes.N * width;
    const write = (name: string, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>) =>
      this.memory.write(memoryName(rows, name), data);
    await write(
      names.ID,
      Uint32Array.from({ length: R }, (_, r) => startOf(this.model, conditions, Math.floor(r / width))[0]),
    );
    if (plan.method.kind === 'beam') {
      await write(
        names.SCORE,
        Float32Array.from({ length: R }, (_, r) => (r % width === 0 ? 0 : ENDED_SCORE)),
      );
    }
    if (plan.ban.length > 0) {
      const banned = new Float32Array(this.model.written.size);
      for (const id of plan.ban) banned[id] = BANNED_LOGIT;
      await program.write(names.BANNED, banned);
    }
    for (const name of this.model.stepFields ?? []) {
      const given = conditions.arrays[name];
      await program.write(
        name,
        Uint32Array.from({ length: R }, (_, r) => given[Math.floor(r / width)]),
      );
    }
  }

  async #run(
    program: Program,
    prepared: Prepared,
    plan: GenerationPlan,
    tracker: Tracker,
    pieces: TextPieces | undefined,
  ): Promise<void> {
    const total = Math.max(...warmUpOf(this.model, prepared)) + plan.longest;
    const feedsOf = stepFeeds(this.model, prepared, plan);
    for (let at = 0, most = FIRST_STEPS; at < total && !tracker.done; most *= 2) {
      plan.signal?.throwIfAborted();
      const count = Math.min(most, total - at, program.maxSteps);
      const reports = await program.submit(Array.from({ length: count }, (_, i) => feedsOf(at + i)));
      for (const report of reports) if (!tracker.done) tracker.take(report);
      at += count;
      pieces?.add(tracker.certain, false);
    }
    plan.signal?.throwIfAborted();
  }

  #read(
    found: readonly Found[],
    {
      plan: { count, attention },
      attended,
      search,
      number,
    }: {
      readonly plan: GenerationPlan;
      /** Positions of the condition without padding, for a model with attention. */
      readonly attended: number | undefined;
      readonly search: SearchSteps | undefined;
      /** Index of the condition, for messages. */
      readonly number: number;
    },
  ): Generated[] {
    if (found.length === 0)
      throw new UnrolledError(
        `Nothing can be generated from condition ${number}: no symbol has a probability, so the model's ` +
          'weights or the condition have numbers that are not finite.',
      );
    return found.slice(0, count).map(({ ids, logProbability, attention: rows }) => ({
      text: textOf(this.model.written, ids),
      ids,
      logProbability,
      ...(attention && rows.length > 0 ? { attention: joined(rows, attended) } : {}),
      ...(search ? { search } : {}),
    }));
  }
}

/** Sizes that the programs depend on: those of the conditions, and the hypotheses of a row. */
function keySizes({ sizes, width }: Rows): Record<string, number> {
  return { ...sizes, B: width };
}

function trackerOf(model: GenerativeModel, prepared: Prepared, plan: GenerationPlan, rows: number): Tracker {
  const { method, longest, width, count, prefix } = plan;
  const tracked = {
    rows,
    hypotheses: prepared.rows.sizes.N * width,
    width,
    warmUp: warmUpOf(model, prepared),
    longest,
    prefix: prefix.length,
    end: model.written.end,
  };
  return method.kind === 'beam'
    ? new BeamSearch(tracked, count, method.lengthPenalty ?? 0)
    : new DrawnSequences(tracked);
}

/** Joins attention rows, each cut to the positions of its own condition. */
function joined(rows: readonly Float32Array[], attended: number | undefined): Float32Array {
  const S = attended ?? rows[0].length;
  const all = new Float32Array(rows.length * S);
  rows.forEach((row, i) => all.set(row.subarray(0, S), i * S));
  return all;
}
