import { GATES } from '../cells/facts.js';
import { messageOf, UnrolledError } from '../core/errors.js';
import { numberAbove, wholeNumber } from '../core/options.js';
import { ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import { ReferenceDevice } from '../reference/device.js';
import { compareArrays, FLOOR, TOLERANCE } from '../verify/compare.js';
import {
  ATTENTION_FORMS,
  attentionData,
  attentionGraph,
  type AttentionForm,
  type AttentionGraph,
  type AttentionWindow,
} from './attention-graph.js';
import type { BenchRow } from './step-entrant.js';
import type { RoundOptions } from './training-steps.js';
import { TimedProgram } from './timed-program.js';

/** A decoder window with a name, to be timed. */
export interface AttentionWorkload extends AttentionWindow {
  readonly name: string;
}

function named(cell: AttentionWindow['cell'], sizes: AttentionWindow['sizes']): AttentionWorkload {
  const { T, N, S, A, H } = sizes;
  return { name: `attention ${cell} H${H} A${A} N${N} T${T} S${S}`, cell, sizes };
}

/** Decoder windows: a small one, limited by launches, and a large one, limited by arithmetic. */
export const ATTENTION_WINDOWS: readonly AttentionWorkload[] = [
  named('gru', { T: 12, N: 8, S: 16, A: 32, H: 32 }),
  named('gru', { T: 20, N: 32, S: 30, A: 128, H: 128 }),
  named('lstm', { T: 20, N: 32, S: 30, A: 128, H: 128 }),
];

export interface AttentionOptions extends RoundOptions {
  readonly workloads?: readonly AttentionWorkload[];
  readonly onRow?: (row: BenchRow) => void;
}

/**
 * Times a decoder window with additive attention, forward and backward, as one fused op and as
 * general ops. Both are verified first: all results and gradients must equal those of the general
 * form in double precision.
 * @param devices by the first part of the names of their strategies, which may be empty
 */
export async function runAttention(
  devices: Readonly<Record<string, Device>>,
  options: AttentionOptions = {},
): Promise<readonly BenchRow[]> {
  const rounds = wholeNumber('rounds', options.rounds ?? 5);
  const turnMs = numberAbove('turnMs', options.turnMs ?? 300);
  const rows: BenchRow[] = [];
  for (const workload of options.workloads ?? ATTENTION_WINDOWS) {
    const doing = (what: string): void => options.onDoing?.(`${workload.name}: ${what}`);
    doing('reference');
    const expected = await expectedOf(workload);
    const entrants: Entrant[] = [];
    try {
      for (const [prefix, device] of Object.entries(devices))
        for (const form of ATTENTION_FORMS) {
          const strategy = prefix + form;
          doing(`verifying ${strategy}`);
          try {
            entrants.push(await Entrant.verified(workload, { strategy, form, device }, expected));
          } catch (error) {
            options.onLeftOut?.({ workload: workload.name, strategy, why: messageOf(error), failed: true });
          }
        }
      for (let round = 0; round < rounds; round++)
        for (const { strategy, timed } of entrants) {
          doing(`${strategy}, round ${round + 1} of ${rounds}`);
          await timed.turn(turnMs, round === 0);
        }
      for (const entrant of entrants) {
        const row = entrant.row();
        rows.push(row);
        options.onRow?.(row);
      }
    } finally {
      for (const { timed } of entrants) timed.dispose();
    }
  }
  return rows;
}

/** Results and gradients by the names of their outputs. */
type Results = Readonly<Record<string, ArrayLike<number>>>;

async function expectedOf({ sizes, ...window }: AttentionWorkload): Promise<Results> {
  const judge = new ReferenceDevice(ops, 'double');
  const built = attentionGraph({ sizes, ...window }, 'general');
  const timed = await TimedProgram.create(judge, built.graph, attentionData(built, sizes));
  try {
    return await resultsOf(timed, built);
  } finally {
    timed.dispose();
    judge.dispose();
  }
}

/** Runs a graph once and reads all its results. */
async function resultsOf({ program }: TimedProgram, built: AttentionGraph): Promise<Results> {
  await program.submit([{}]);
  const results: Record<string, ArrayLike<number>> = {};
  for (const name of [...built.results, ...Object.values(built.gradients)])
    results[name] = await program.read(name);
  return results;
}

/** One form on one device, after verification. */
class Entrant {
  private constructor(
    readonly workload: AttentionWorkload,
    readonly strategy: string,
    readonly device: Device,
    readonly timed: TimedProgram,
    readonly error: number,
  ) {}

  /** @throws UnrolledError where a result is wrong */
  static async verified(
    workload: AttentionWorkload,
    {
      strategy,
      form,
      device,
    }: { readonly strategy: string; readonly form: AttentionForm; readonly device: Device },
    expected: Results,
  ): Promise<Entrant> {
    const built = attentionGraph(workload, form);
    const timed = await TimedProgram.create(device, built.graph, attentionData(built, workload.sizes));
    try {
      const got = await resultsOf(timed, built);
      let largest = 0;
      for (const [name, wanted] of Object.entries(expected)) {
        const kind = built.results.includes(name) ? 'output' : 'gradient';
        const { error } = compareArrays(got[name], wanted, FLOOR[kind]);
        if (!(error <= TOLERANCE[kind]))
          throw new UnrolledError(
            `${strategy} on ${workload.name} is wrong, so it is not timed: the error of its ${name} is ` +
              `${error}, and ${TOLERANCE[kind]} is allowed.`,
          );
        largest = Math.max(largest, error);
      }
      return new Entrant(workload, strategy, device, timed, largest);
    } catch (error) {
      timed.dispose();
      throw error;
    }
  }

  row(): BenchRow {
    const { workload, strategy, device, timed } = this;
    const { T, N } = workload.sizes;
    const { spread } = timed;
    return {
      workload: workload.name,
      strategy,
      adapter: device.info.adapter,
      runtime: device.info.runtime,
      precision: 'single',
      ...spread,
      charsPerSecond: (N * T * 1000) / spread.medianMs,
      gflops: attentionOperations(workload) / spread.medianMs / 1e6,
      dispatchesPerStep: timed.program.summary.dispatches,
      verifiedError: this.error,
    };
  }
}

/** Operations of a window forward and backward. Only products count; a multiply-add counts as two. */
export function attentionOperations({ cell, sizes: { T, N, S, A, H } }: AttentionWorkload): number {
  const C = GATES[cell].length * H;
  // The recurrent product, the query, the scores, and the context's part of the gate sums.
  return 3 * 2 * T * N * (C * H + A * H + S * A + S * C);
}
