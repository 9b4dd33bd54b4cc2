import { ReferenceDevice } from '../reference/device.js';
import { ops as allOps } from '../ops/index.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device } from '../plan/device.js';
import { loadOp, type LoadedOp, type OpCase, type OpRegistry } from '../plan/op.js';
import { checkOp, type OpCheck } from './check-op.js';

/** What to check. */
export interface VerifyOptions {
  /**
   * All sizes, each with gradients written and added; without it large ones and minor combinations
   * are left out, which takes about ten seconds on a GPU.
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

/**
 * How many checks `verifyOps` makes with the same options, for each op in the order of checking:
 * for a display of progress.
 */
export async function countChecks(options: VerifyOptions = {}): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { op } of await chosenChecks(options)) counts.set(op.name, (counts.get(op.name) ?? 0) + 1);
  return counts;
}

/**
 * Whether gradients are added to what is there, for an op that can: both ways in its first case,
 * then in turns, since each way has kernels of its own to compile; always both when thorough.
 */
export function formsOf(op: LoadedOp, opCase: OpCase, thorough = false): readonly boolean[] {
  if (!op.accumulates?.length || (opCase.minor && !thorough)) return [false];
  const i = op.cases.indexOf(opCase);
  return thorough || i === 0 ? [false, true] : [i % 2 === 0];
}

/** Every case that is asked for, all of one op after the other. */
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
