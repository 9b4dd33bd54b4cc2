import { messageOf, UnrolledError } from '../core/errors.js';
import { numberAbove, wholeNumber } from '../core/options.js';
import { ReferenceDevice } from '../reference/device.js';
import { opNamed, ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import type { ProductPrecision } from '../plan/target.js';
import type { Graph } from '../plan/graph.js';
import { loadOp } from '../plan/op.js';
import { checkOp } from '../verify/check-op.js';
import { buildOpGraph } from '../verify/op-graph.js';
import { kernelCases, sizeName, type KernelCase } from './kernel-cases.js';
import type { RoundOptions } from './training-steps.js';
import type { Spread } from './statistics.js';
import { TimedProgram } from './timed-program.js';

export interface KernelOptions extends RoundOptions {
  /** Default: `kernelCases`. Without the calls that measure limits, rows have no shares of them. */
  readonly cases?: readonly KernelCase[];
  /**
   * Precisions of the operands of products. In half precision only ops are timed that have products
   * in it. Default: single.
   */
  readonly precisions?: readonly ProductPrecision[];
  /** Default 100. */
  readonly turnMs?: number;
  readonly onRow?: (row: KernelRow) => void;
}

/** The times of one call of one op: milliseconds over the rounds, including the launches. */
export interface KernelRow extends Spread {
  /** `lstm backward`; in half precision `linear backward, mixed`. */
  readonly kernel: string;
  readonly size: string;
  readonly precision: ProductPrecision;
  readonly adapter: string;
  readonly runtime: string;
  readonly launches: number;
  /** Absent for ops that compute little. */
  readonly gflops?: number;
  /** Gigabytes a second that it must move at least. Absent for the loop of multiply-adds. */
  readonly gbs?: number;
  /** The limit that this call measures, if any. */
  readonly ceiling?: 'arithmetic' | 'bandwidth';
  /** Shares of the device's limits, from 0 to 1. */
  readonly ofArithmetic?: number;
  readonly ofBandwidth?: number;
  /** Largest error of forward and backward against the double-precision reference, as in `verifyOps`. */
  readonly verifiedError: number;
}

/**
 * Times single ops and the limits of the device, in rounds in which all take turns. Each op is
 * verified first.
 */
export async function runKernels(device: Device, options: KernelOptions = {}): Promise<readonly KernelRow[]> {
  const rounds = wholeNumber('rounds', options.rounds ?? 5);
  const turnMs = numberAbove('turnMs', options.turnMs ?? 100);
  const entrants: Entrant[] = [];
  try {
    const verified = new Map<string, number>();
    const cases = options.cases ?? kernelCases(device.info.hardware);
    for (const kernelCase of await inPrecisions(cases, options.precisions ?? ['single'])) {
      const name = nameOf(kernelCase);
      options.onDoing?.(`verifying ${name}, ${sizeName(kernelCase.size.dims)}`);
      try {
        // Both phases of a size are verified together.
        const key = `${kernelCase.op} ${kernelCase.precision} ${sizeName(kernelCase.size.dims)}`;
        const error = verified.get(key) ?? (await verify(kernelCase, device));
        verified.set(key, error);
        entrants.push(await Entrant.create(kernelCase, device, error));
      } catch (error) {
        options.onLeftOut?.({
          workload: `${name}, ${sizeName(kernelCase.size.dims)}`,
          why: messageOf(error),
          failed: true,
        });
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const entrant of entrants) {
        options.onDoing?.(`${nameOf(entrant.kernelCase)}, round ${round + 1} of ${rounds}`);
        await entrant.timed.turn(turnMs, round === 0);
      }
    }
    const rows = withShares(entrants.map((entrant) => entrant.row()));
    for (const row of rows) options.onRow?.(row);
    return rows;
  } finally {
    for (const { timed } of entrants) timed.dispose();
  }
}

/** A call in one precision. */
interface PreciseCase extends KernelCase {
  readonly precision: ProductPrecision;
}

/** The calls in each precision: in half precision those of ops that have it. Ceilings have none. */
async function inPrecisions(
  cases: readonly KernelCase[],
  precisions: readonly ProductPrecision[],
): Promise<readonly PreciseCase[]> {
  const all: PreciseCase[] = [];
  for (const kernelCase of cases) {
    const { halves } = await loadOp(opNamed(kernelCase.op));
    const own = kernelCase.ceiling
      ? (['single'] as const)
      : precisions.filter((precision) => precision === 'single' || halves);
    all.push(...own.map((precision) => ({ ...kernelCase, precision })));
  }
  return all;
}

function nameOf({ op, phase, ceiling, precision }: PreciseCase): string {
  if (ceiling === 'arithmetic') return 'ceiling: multiply-adds';
  if (ceiling === 'bandwidth') return 'ceiling: copy';
  return precision === 'single' ? `${op} ${phase}` : `${op} ${phase}, ${precision}`;
}

/** @returns the largest error @throws UnrolledError where it is beyond the op's tolerance */
async function verify({ op, size, verifiedSize, precision }: PreciseCase, device: Device): Promise<number> {
  const judge = new ReferenceDevice(ops, 'double');
  try {
    const { pass, maxError, worst, tolerance } = await checkOp(
      await loadOp(opNamed(op)),
      verifiedSize ?? size,
      device,
      judge,
      false,
      precision,
    );
    if (!pass)
      throw new UnrolledError(
        `It is wrong, so it is not timed: the error of ${worst} is ${maxError}, and ${tolerance} is allowed.`,
      );
    return maxError;
  } finally {
    judge.dispose();
  }
}

function withShares(rows: readonly KernelRow[]): readonly KernelRow[] {
  const arithmetic = rows.find(({ ceiling }) => ceiling === 'arithmetic')?.gflops;
  const bandwidth = rows.find(({ ceiling }) => ceiling === 'bandwidth')?.gbs;
  return rows.map((row) =>
    row.ceiling
      ? row
      : {
          ...row,
          ...(arithmetic !== undefined && row.gflops !== undefined
            ? { ofArithmetic: row.gflops / arithmetic }
            : {}),
          ...(bandwidth !== undefined && row.gbs !== undefined ? { ofBandwidth: row.gbs / bandwidth } : {}),
        },
  );
}

/** One call that is ready on the device. */
class Entrant {
  private constructor(
    readonly kernelCase: PreciseCase,
    readonly device: Device,
    readonly error: number,
    readonly timed: TimedProgram,
  ) {}

  static async create(kernelCase: PreciseCase, device: Device, error: number): Promise<Entrant> {
    const { op, phase, size, precision } = kernelCase;
    const { graph, data } = buildOpGraph(opNamed(op), size, { backward: phase === 'backward', precision });
    const timed = await TimedProgram.create(device, onlyOf(phase, graph), data);
    return new Entrant(kernelCase, device, error, timed);
  }

  row(): KernelRow {
    const { kernelCase, device, timed } = this;
    const { size, operations, bytes, ceiling, precision } = kernelCase;
    const { spread } = timed;
    const ms = spread.medianMs;
    return {
      kernel: nameOf(kernelCase),
      size: sizeName(size.dims),
      precision,
      adapter: device.info.adapter,
      runtime: device.info.runtime,
      launches: timed.program.summary.dispatches,
      ...spread,
      ...(operations > 0 ? { gflops: operations / ms / 1e6 } : {}),
      ...(ceiling === 'arithmetic' ? {} : { gbs: bytes / ms / 1e6 }),
      ...(ceiling ? { ceiling } : {}),
      verifiedError: this.error,
    };
  }
}

/**
 * Only the calls of one phase. Results of the other phase are random or zero instead, which takes
 * the same time.
 */
function onlyOf(phase: KernelCase['phase'], { calls, ...graph }: Graph): Graph {
  return { ...graph, calls: calls.filter((call) => call.phase === phase) };
}
