import { messageOf, UnrolledError } from '../core/errors.js';
import { numberAbove, wholeNumber } from '../core/options.js';
import { ReferenceDevice } from '../reference/device.js';
import { ops } from '../ops/index.js';
import { strategyFacts, WorkloadData, type Strategy, type BenchWriter } from './contestants.js';
import { ownStrategy } from './own-strategies.js';
import type { RoundOptions } from './training-steps.js';
import { spreadOf, type Spread } from './statistics.js';
import type { StepLimit } from './step-limit.js';
import { WRITERS, type Workload } from './workloads.js';

export interface GenerationOptions extends RoundOptions {
  readonly workloads?: readonly Workload[];
  readonly onRow?: (row: GenerationRow) => void;
}

/** The times of one strategy that writes with one model: milliseconds per character over the rounds. */
export interface GenerationRow extends Spread {
  readonly workload: string;
  readonly strategy: string;
  readonly adapter: string;
  readonly runtime: string;
  readonly version?: string;
  readonly charsPerSecond: number;
  readonly dispatchesPerCharacter?: number;
  /** Number of characters that were equal to the reference's. */
  readonly verifiedCharacters: number;
  /** How close it comes to the limit of its device, where the ceilings were measured. */
  readonly limit?: StepLimit;
}

/** Characters that must equal those of the double-precision reference. */
const VERIFIED_CHARACTERS = 24;

/**
 * Times untrained models that write text character by character. Each strategy must first write the
 * same text as the double-precision reference.
 */
export async function runGeneration(
  strategies: readonly Strategy[],
  options: GenerationOptions = {},
): Promise<readonly GenerationRow[]> {
  const rounds = wholeNumber('rounds', options.rounds ?? 5);
  const turnMs = numberAbove('turnMs', options.turnMs ?? 300);
  const rows: GenerationRow[] = [];
  for (const workload of options.workloads ?? WRITERS) {
    const data = new WorkloadData(workload);
    const doing = (what: string): void => options.onDoing?.(`${workload.name}: writing with ${what}`);
    doing('the reference');
    const expected = await referenceText(data);
    const entrants: Entrant[] = [];
    try {
      for (const strategy of strategies) {
        if (!strategy.prepareWriter) continue;
        doing(strategy.name);
        try {
          entrants.push(await Entrant.verified(data, strategy, expected));
        } catch (error) {
          options.onLeftOut?.({
            workload: workload.name,
            strategy: strategy.name,
            why: messageOf(error),
            failed: true,
          });
        }
      }
      for (let round = 0; round < rounds; round++) {
        for (const entrant of entrants) {
          doing(`${entrant.strategy.name}, round ${round + 1} of ${rounds}`);
          await entrant.turn(turnMs, round === 0);
        }
      }
      for (const entrant of entrants) {
        const row = entrant.row();
        rows.push(row);
        options.onRow?.(row);
      }
    } finally {
      for (const { writer } of entrants) writer.dispose();
    }
  }
  return rows;
}

async function referenceText(data: WorkloadData): Promise<readonly number[]> {
  const judge = new ReferenceDevice(ops, 'double');
  const writer = await ownStrategy({ name: 'reference', device: judge, form: 'fused' }).prepareWriter?.(data);
  if (!writer) throw new UnrolledError('The reference writes nothing.');
  try {
    return await writer.write(VERIFIED_CHARACTERS);
  } finally {
    writer.dispose();
    judge.dispose();
  }
}

/** A strategy with one model, after verification, and its times so far. */
class Entrant {
  readonly #times: number[] = [];

  private constructor(
    readonly workload: Workload,
    readonly strategy: Strategy,
    readonly writer: BenchWriter,
    private msPerCharacter: number,
  ) {}

  /** @throws UnrolledError where its text differs from the reference's */
  static async verified(
    data: WorkloadData,
    strategy: Strategy,
    expected: readonly number[],
  ): Promise<Entrant> {
    const writer = await strategy.prepareWriter?.(data);
    if (!writer) throw new UnrolledError(`${strategy.name} does not write.`);
    try {
      const start = performance.now();
      const ids = await writer.write(VERIFIED_CHARACTERS);
      const msPerCharacter = (performance.now() - start) / VERIFIED_CHARACTERS;
      const wrong = expected.findIndex((id, i) => ids[i] !== id);
      if (wrong >= 0)
        throw new UnrolledError(
          `${strategy.name} on ${data.workload.name} is wrong, so it is not timed: character ` +
            `${wrong + 1} is symbol ${ids[wrong]}, expected ${expected[wrong]}.`,
        );
      return new Entrant(data.workload, strategy, writer, msPerCharacter);
    } catch (error) {
      writer.dispose();
      throw error;
    }
  }

  /** Writes for about `ms` and stores the time per character. The first turn starts with a warm-up. */
  async turn(ms: number, first: boolean): Promise<void> {
    if (first) await this.#write(ms);
    await this.#write(ms);
    this.#times.push(this.msPerCharacter);
  }

  async #write(ms: number): Promise<void> {
    const characters = Math.max(1, Math.round(ms / this.msPerCharacter));
    const start = performance.now();
    await this.writer.write(characters);
    this.msPerCharacter = (performance.now() - start) / characters;
  }

  row(): GenerationRow {
    const { workload, strategy, writer } = this;
    const spread = spreadOf(this.#times);
    return {
      workload: workload.name,
      ...strategyFacts(strategy),
      ...spread,
      charsPerSecond: 1000 / spread.medianMs,
      ...(writer.dispatchesPerCharacter === undefined
        ? {}
        : { dispatchesPerCharacter: writer.dispatchesPerCharacter }),
      verifiedCharacters: VERIFIED_CHARACTERS,
    };
  }
}
