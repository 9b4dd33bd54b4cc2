import { ops } from '../ops/index.js';
import type { Device } from '../plan/device.js';

/** One way to compute on the CPU. */
export interface CpuVariant {
  /** `SIMD, 2 threads` */
  readonly name: string;
  open(): Promise<Device>;
}

/** Numbers of threads to check. With three, the parts of a call differ in size. */
const THREADS = [1, 2, 3];

/**
 * The ways to compute on this CPU: with and without relaxed SIMD where the runtime has it, and with
 * one, two and three threads where memory can be shared. Threads share even the smallest call, so
 * that small sizes check the sharing too.
 * @param options.threads only with this number of threads
 * @param options.relaxed false: only without relaxed SIMD
 * @returns an empty list where the runtime has no SIMD
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
