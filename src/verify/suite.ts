import { CpuDevice } from '../cpu/device.js';
import { ops as allOps } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import type { Op, OpCase, OpRegistry } from '../plan/op.js';
import { checkOp, type OpCheck } from './check-op.js';

/** What to check. */
export interface VerifyOptions {
  /** All sizes; without it large ones and minor combinations are left out, which takes about ten seconds on a GPU. */
  readonly thorough?: boolean;
  /** Only ops whose name contains one of these. */
  readonly only?: readonly string[];
  readonly ops?: OpRegistry;
  readonly onResult?: (check: OpCheck) => void;
}

/** Checks every op at every size on `device` against the CPU reference in double precision. */
export async function verifyOps(device: Device, options: VerifyOptions = {}): Promise<readonly OpCheck[]> {
  const judge = new CpuDevice(options.ops ?? allOps, 'double');
  const checks: OpCheck[] = [];
  try {
    for (const { op, opCase, accumulate } of chosenChecks(options)) {
      const check = await checkOp(op, opCase, device, judge, accumulate);
      checks.push(check);
      options.onResult?.(check);
    }
  } finally {
    judge.dispose();
  }
  return checks;
}

/** How many checks `verifyOps` makes with the same options, for each op in the order of checking: for a display of progress. */
export function countChecks(options: VerifyOptions = {}): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { op } of chosenChecks(options)) counts.set(op.name, (counts.get(op.name) ?? 0) + 1);
  return counts;
}

/** Every case once, and once more for an op that can add to gradients, all of one op after the other. */
function* chosenChecks({ ops = allOps, only, thorough }: VerifyOptions): Generator<{ op: Op; opCase: OpCase; accumulate: boolean }> {
  for (const op of Object.values(ops)) {
    if (only && !only.some((part) => op.name.includes(part))) continue;
    for (const opCase of op.cases) {
      if ((opCase.thorough || opCase.minor) && !thorough) continue;
      for (const accumulate of op.accumulates?.length ? [false, true] : [false]) yield { op, opCase, accumulate };
    }
  }
}
