import { CpuDevice } from '../cpu/device.js';
import { ops as allOps } from '../ops/index.js';
import type { Device } from '../plan/device.js';
import type { OpRegistry } from '../plan/op.js';
import { checkOp, type OpCheck } from './check-op.js';

/** What to check. */
export interface VerifyOptions {
  /** All sizes; without it the large ones are left out, which takes about ten seconds on a GPU. */
  readonly thorough?: boolean;
  /** Only ops whose name contains one of these. */
  readonly only?: readonly string[];
  readonly ops?: OpRegistry;
  readonly onResult?: (check: OpCheck) => void;
}

/** Checks every op at every size on `device` against the CPU reference in double precision. */
export async function verifyOps(device: Device, options: VerifyOptions = {}): Promise<readonly OpCheck[]> {
  const ops = options.ops ?? allOps;
  const judge = new CpuDevice(ops, 'double');
  const checks: OpCheck[] = [];
  for (const op of Object.values(ops)) {
    if (options.only && !options.only.some((part) => op.name.includes(part))) continue;
    for (const opCase of op.cases) {
      if (opCase.thorough && !options.thorough) continue;
      for (const accumulate of op.accumulates?.length ? [false, true] : [false]) {
        const check = await checkOp(op, opCase, device, judge, accumulate);
        checks.push(check);
        options.onResult?.(check);
      }
    }
  }
  judge.dispose();
  return checks;
}
