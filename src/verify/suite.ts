import { ReferenceDevice } from '../reference/device.js';
import { ops as allOps } from '../ops/index.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device, DeviceInfo } from '../plan/device.js';
import { loadOp, type LoadedOp, type OpRegistry } from '../plan/op.js';
import type { OpCase } from '../plan/op-case.js';
import type { HalfPrecision, ProductPrecision } from '../plan/target.js';
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
    for (const { op, opCase, accumulate, precision } of await chosenChecks(options, device)) {
      const check = await checkOp(op, opCase, device, judge, accumulate, precision);
      checks.push(check);
      options.onResult?.(check);
    }
  } finally {
    judge.dispose();
  }
  return checks;
}

/**
 * Number of checks that `verifyOps` makes on `device` with the same options, for each op in order of
 * checking.
 */
export async function countChecks(
  device: CheckedDevice,
  options: VerifyOptions = {},
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { op } of await chosenChecks(options, device))
    counts.set(op.name, (counts.get(op.name) ?? 0) + 1);
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

/** The facts about a device that decide which checks there are. */
export interface CheckedDevice {
  readonly info: Pick<DeviceInfo, 'backend' | 'features'>;
}

/**
 * The precision other than `single` in which a device is checked: `mixed` if it has the feature
 * shader-f16, else `emulated`. The CPU has none: it computes `emulated` by the reference itself.
 */
export function halfPrecisionOf({ info }: CheckedDevice): HalfPrecision | undefined {
  if (info.backend !== 'webgpu') return undefined;
  return info.features.includes('shader-f16') ? 'mixed' : 'emulated';
}

/**
 * The cases in which an op is checked with operands of products in half precision: every second
 * size, since each compiles kernels of its own.
 */
export function halfCasesOf({ halves, cases }: LoadedOp): readonly OpCase[] {
  if (!halves) return [];
  return cases.filter(({ thorough, minor }) => !thorough && !minor).filter((_, i) => i % 2 === 1);
}

interface ChosenCheck {
  readonly op: LoadedOp;
  readonly opCase: OpCase;
  readonly accumulate: boolean;
  readonly precision: ProductPrecision;
}

/** The requested cases, grouped by op. */
async function chosenChecks(
  { ops = allOps, only, thorough }: VerifyOptions,
  device: CheckedDevice,
): Promise<ChosenCheck[]> {
  const half = halfPrecisionOf(device);
  const chosen = Object.values(ops).filter(({ name }) => !only || only.some((part) => name.includes(part)));
  const loaded = await Promise.all(chosen.map((op) => loadOp(op)));
  return loaded.flatMap((op) => [
    ...op.cases
      .filter((opCase) => thorough === true || (opCase.thorough !== true && opCase.minor !== true))
      .flatMap((opCase) =>
        formsOf(op, opCase, thorough).map((accumulate): ChosenCheck => ({
          op,
          opCase,
          accumulate,
          precision: 'single',
        })),
      ),
    ...(half ? halfCasesOf(op) : []).map((opCase): ChosenCheck => ({
      op,
      opCase,
      accumulate: false,
      precision: half ?? 'single',
    })),
  ]);
}
