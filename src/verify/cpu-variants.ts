import { ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';

/** One way in which the CPU computes. */
export interface CpuVariant {
  /** `SIMD, 2 threads` */
  readonly name: string;
  open(): Promise<Device>;
}

/** Threads that the checks use: with three, the parts of a call have different sizes. */
const THREADS = [1, 2, 3];

/**
 * The ways in which the CPU computes here: with and without relaxed SIMD where the runtime has it,
 * and with one, two and three threads where memory can be shared. Even the smallest call is shared,
 * so that a check of small sizes checks the sharing too.
 * @param options.threads only with so many
 * @param options.relaxed false: only without relaxed SIMD
 * @returns none where the runtime has no SIMD
 */
export async function cpuVariants(
  options: { readonly threads?: number; readonly relaxed?: boolean } = {},
): Promise<readonly CpuVariant[]> {
  const { canShareMemory, hasRelaxed, hasSimd, WasmDevice } = await import('../wasm/index.js');
  if (!hasSimd()) return [];
  const arithmetics = options.relaxed !== false && hasRelaxed() ? [false, true] : [false];
  const counts = !canShareMemory() ? [1] : options.threads === undefined ? THREADS : [options.threads];
  return arithmetics.flatMap((relaxed) =>
    counts.map((threads) => ({
      name: `${relaxed ? 'relaxed SIMD' : 'SIMD'}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      open: () => WasmDevice.open(ops, { relaxed, threads, sharing: { call: 0, step: 0 } }),
    })),
  );
}
