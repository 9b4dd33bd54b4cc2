import type { NativeArgument, NativeCall } from '../plan/native.js';
import { partOf } from '../plan/native.js';
import { NO_KERNEL } from './thread.js';

/** A kernel call with the addresses of its tensors, or a call whose reference runs. */
export type ResolvedCall =
  { readonly native: NativeCall; readonly addressOf: (tensor: string) => number } | 'reference';

/** Fewest operations for which threads share work. With fewer, waiting for each other takes longer. */
export interface Sharing {
  /** Of one call: smaller calls run on the first thread. */
  readonly call: number;
  /** Of a whole step: smaller programs run on the first thread alone. */
  readonly step: number;
}

/** These take about ten microseconds and a third of a millisecond on one thread. */
export const SHARING: Sharing = { call: 200_000, step: 8_000_000 };

/**
 * Whether a program has enough work for several threads, and a call that they share. Threads meet only
 * after shared calls. Without one, a thread could read the table after the first thread has finished,
 * when the table may belong to another program.
 */
export function isWorthThreads(calls: readonly ResolvedCall[], sharing: Sharing): boolean {
  let work = 0;
  for (const call of calls) if (call !== 'reference') work += call.native.work;
  return work >= sharing.step && calls.some((call) => isSharedCall(call, sharing));
}

/** Whether threads share the work of a call. */
function isSharedCall(call: ResolvedCall, sharing: Sharing): boolean {
  if (call === 'reference') return false;
  const { work, split } = call.native;
  return work >= sharing.call && Math.ceil(split.count / split.quantum) >= 2;
}

/** The settings of a table besides its calls. */
export interface TableContext {
  /** A number that is unique among the tables of the device. */
  readonly id: number;
  readonly threads: number;
  readonly sharing: Sharing;
  /** Names of the kernels; their place is their number in the table. */
  readonly kernels: readonly string[];
  /** Address of the scratch of all threads, and bytes for each. */
  readonly scratch: number;
  readonly scratchEach: number;
  /** Address of the workspace. */
  readonly workspace: number;
}

/**
 * A program's calls as numbers, which all threads read from the shared memory. The layout is: id,
 * length, scratch; then for each call: kernel, whether threads meet after it, which parameter is the
 * scratch or −1, number of parameters; for each thread the begin and the end of its part; the
 * parameters.
 */
export function writeTable(calls: readonly ResolvedCall[], context: TableContext): Float64Array {
  const { threads } = context;
  const isShared = calls.map((call) => isSharedCall(call, context.sharing));
  const numbers = [context.id, 0, context.scratch];
  calls.forEach((call, i) => {
    // Threads need not meet between two calls that both run on the first thread alone.
    const meets = isShared[i] || (isShared[i + 1] ?? false);
    if (call === 'reference') {
      const all = Array.from({ length: threads }, (_, thread) => [0, thread === 0 ? 1 : 0]).flat();
      numbers.push(NO_KERNEL, Number(meets), -1, 0, ...all);
      return;
    }
    const { native, addressOf } = call;
    const kernel = context.kernels.indexOf(native.kernel);
    if (kernel < 0) throw new Error(`kernels/ has no kernel "${native.kernel}".`);
    const { count } = native.split;
    const parts = Array.from({ length: threads }, (_, thread) =>
      isShared[i] ? partOf(native.split, thread, threads) : thread === 0 ? [0, count] : [count, count],
    ).flat();
    const parameters = native.arguments.map((argument) => resolve(argument, addressOf, context));
    const scratchAt = native.arguments.findIndex(
      (argument) => typeof argument === 'object' && 'scratch' in argument,
    );
    numbers.push(kernel, Number(meets), scratchAt, parameters.length, ...parts, ...parameters);
  });
  numbers[1] = numbers.length;
  return Float64Array.from(numbers);
}

function resolve(
  argument: NativeArgument,
  addressOf: (tensor: string) => number,
  { scratchEach, workspace }: TableContext,
): number {
  if (typeof argument === 'number') return argument;
  if (typeof argument === 'boolean') return Number(argument);
  if (typeof argument === 'string') return addressOf(argument);
  if ('tensor' in argument) return addressOf(argument.tensor) + 4 * argument.offset;
  return 'workspace' in argument ? workspace + argument.workspace : scratchEach;
}
