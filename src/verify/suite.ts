import { ReferenceDevice } from '../reference/device.js';
import { ops as allOps } from '../ops/index.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device } from '../plan/device.js';
import { loadOp, type LoadedOp, type OpCase, type OpRegistry } from '../plan/op.js';
import { checkOp, type OpCheck } from './check-op.js';

/** Options of `verifyOps`. */
export interface VerifyOptions {
  /**
   * Checks all sizes, each with gradients that are written and gradients that are added. By
   * default, large sizes and minor combinations are skipped; a GPU then takes about ten seconds.
   */
  readonly thorough?: boolean;
  /** Only ops whose name contains one of these. */
  readonly only?: readonly string[];
  readonly ops?: OpRegistry;
  readonly onResult?: (check: OpCheck) => void;
}

/** Checks every op at every size on `device` against the CPU reference in double precision. */
export async function verifyOps(device: Device, options: VerifyOptions = {}): Promise<readonly OpCheck[]> {
  checkDevice(device);
  const judge = new ReferenceDevice(options.ops ?? allOps, 'double');
  const checks: OpCheck[] = [];
  try {
    for (const { op, opCase, accumulate } of await chosenChecks(options)) {
      const check = await checkOp(op, opCase, device, judge, accumulate);
      checks.push(check);
      options.onResult?.(check);
    }
  } finally {
    judge.dispose();
  }
  return checks;
}

/** Number of checks that `verifyOps` makes with the same options, for each op in order of checking. */
export async function countChecks(options: VerifyOptions = {}): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { op } of await chosenChecks(options)) counts.set(op.name, (counts.get(op.name) ?? 0) + 1);
  return counts;
}

/**
 * The forms of a case to check: gradients written (false) or added to what is there (true). An op that
 * can add is checked both ways in its first case, then in turns, since each form compiles its own
 * kernels; a thorough check always takes both.
 */
export function formsOf(op: LoadedOp, opCase: OpCase, thorough = false): readonly boolean[] {
  if (!op.accumulates?.length || (opCase.minor && !thorough)) return [false];
  const i = op.cases.indexOf(opCase);
  return thorough || i === 0 ? [false, true] : [i % 2 === 0];
}

/** The requested cases, grouped by op. */
async function chosenChecks({ ops = allOps, only, thorough }: VerifyOptions): Promise<
  {
    readonly op: LoadedOp;
    readonly opCase: OpCase;
    readonly accumulate: boolean;
  }[]
> {
  const chosen = Object.values(ops).filter(({ name }) => !only || only.some((part) => name.includes(part)));
  const loaded = await Promise.all(chosen.map((op) => loadOp(op)));
  return loaded.flatMap((op) =>
    op.cases
      .filter((opCase) => thorough === true || (opCase.thorough !== true && opCase.minor !== true))
      .flatMap((opCase) => formsOf(op, opCase, thorough).map((accumulate) => ({ op, opCase, accumulate }))),
  );
}
