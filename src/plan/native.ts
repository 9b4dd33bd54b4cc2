/**
 * One argument of a SIMD kernel in kernels/: a number; the address of a tensor of the call by
 * contract name (0 if the call does not have it); an address in the call's workspace; or the
 * thread's scratch.
 */
export type NativeArgument =
  | number
  | boolean
  | string
  | { readonly tensor: string; readonly offset: number }
  | { readonly workspace: number }
  | typeof SCRATCH;

/** The address of the thread's own scratch memory. */
export const SCRATCH = { scratch: true } as const;

/** An address in the call's workspace, in bytes. All threads and all kernels of a call share it. */
export const workspace = (bytes: number): NativeArgument => ({ workspace: bytes });

/** The address of an element of a tensor. */
export const elementOf = (tensor: string, offset: number): NativeArgument => ({ tensor, offset });

/**
 * One call of a SIMD kernel in kernels/, as plain data. After its arguments the kernel gets the
 * first index of the thread's part of `count`, and the index after the last.
 */
export interface NativeCall {
  readonly kernel: string;
  readonly arguments: readonly NativeArgument[];
  /**
   * `count` rows, columns, elements or blocks of the result, split among threads at multiples of
   * `quantum`. The split does not change the order of operations of any element, so results have
   * the same bits for any number of threads.
   */
  readonly split: { readonly count: number; readonly quantum: number };
  /** Approximate number of operations. Small calls run on one thread. */
  readonly work: number;
  /** The kernel function that returns the bytes of scratch that each thread needs. */
  readonly scratch?: { readonly of: string; readonly arguments: readonly number[] };
  /** Bytes of workspace that the call needs. */
  readonly workspace?: number;
}

/** The part of `count` that thread number `thread` of `threads` computes. */
export function partOf(
  { count, quantum }: NativeCall['split'],
  thread: number,
  threads: number,
): readonly [begin: number, end: number] {
  const parts = Math.ceil(count / quantum);
  const start = (k: number): number => Math.min(count, Math.floor((parts * k) / threads) * quantum);
  return [start(thread), start(thread + 1)];
}
