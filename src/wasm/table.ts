import type { NativeArgument, NativeCall } from '../plan/native.js';
import { partOf } from '../plan/native.js';
import { NO_KERNEL } from './thread.js';

/** A kernel call with the addresses of its tensors, or a call that its reference runs. */
export type ResolvedCall =
  { readonly native: NativeCall; readonly addressOf: (tensor: string) => number } | 'reference';

/** From how many operations on threads share the work, since to meet costs time too. */
export interface Sharing {
  /** Of one call; others run on the first thread. */
  readonly call: number;
  /** Of a whole step; other programs run on the first thread alone. */
  readonly step: number;
}

/** Ten microseconds and a third of a millisecond, roughly. */
export const SHARING: Sharing = { call: 200_000, step: 8_000_000 };

/** Whether a program is worth several threads. */
export function isWorthThreads(calls: readonly ResolvedCall[], { step }: Sharing): boolean {
  let work = 0;
  for (const call of calls) if (call !== 'reference') work += call.native.work;
  return work >= step;
}

/** What a table needs besides its calls. */
export interface TableContext {
  /** A number that no other table of the device has. */
  readonly id: number;
  readonly threads: number;
  readonly sharing: Sharing;
  /** Names of the kernels, in the order by which they are numbered. */
  readonly kernels: readonly string[];
  /** Address of the threads' scratch, and bytes of each. */
  readonly scratch: number;
  readonly scratchEach: number;
  /** Address of the workspace. */
  readonly workspace: number;
}

/**
 * A program's calls as numbers, which all threads read from the shared memory:
 * id, length, scratch; for each call: kernel, whether threads meet after it, which parameter is the
 * scratch or −1, how many parameters; for each thread the begin and end of its part; the parameters.
 */
export function writeTable(calls: readonly ResolvedCall[], context: TableContext): Float64Array {
  const { threads } = context;
  const isShared = calls.map(
    (call) =>
      call !== 'reference' &&
      call.native.work >= context.sharing.call &&
      Math.ceil(call.native.split.count / call.native.split.quantum) >= 2,
  );
  const numbers = [context.id, 0, context.scratch];
  calls.forEach((call, i) => {
    // Two calls of the first thread alone follow each other without a meeting.
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
