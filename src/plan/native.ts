/**
 * What a kernel of kernels/ gets in one place: a number; a tensor of the call by contract name (0
 * where the call has none); a part of the call's workspace; or the thread's scratch.
 */
export type NativeArgument =
  | number
  | boolean
  | string
  | { readonly tensor: string; readonly offset: number }
  | { readonly workspace: number }
  | typeof SCRATCH;

/** The thread's own scratch memory. */
export const SCRATCH = { scratch: true } as const;

/** An address in the call's workspace, in bytes: memory that all threads see and all its kernels share. */
export const workspace = (bytes: number): NativeArgument => ({ workspace: bytes });

/** The address of an element of a tensor. */
export const elementOf = (tensor: string, offset: number): NativeArgument => ({ tensor, offset });

/**
 * One call of a kernel of kernels/, as plain data. The kernel gets the arguments, and after them the
 * first and the last-but-one number of its range: a thread's part of `count`.
 */
export interface NativeCall {
  readonly kernel: string;
  readonly arguments: readonly NativeArgument[];
  /**
   * Rows, columns, elements or blocks of the result. Threads get parts that begin at multiples of
   * `quantum`. Every element is computed in the same order of operations however it is cut, so
   * results have the same bits for any number of threads.
   */
  readonly split: { readonly count: number; readonly quantum: number };
  /** Operations, roughly: small calls run on one thread. */
  readonly work: number;
  /** The kernel that computes how many bytes each thread needs as scratch. */
  readonly scratch?: { readonly of: string; readonly arguments: readonly number[] };
  /** Bytes that the call's workspace has at least. */
  readonly workspace?: number;
}

/** The part of `count` that thread `thread` of `threads` owns. */
export function partOf(
  { count, quantum }: NativeCall['split'],
  thread: number,
  threads: number,
): readonly [begin: number, end: number] {
  const parts = Math.ceil(count / quantum);
  const start = (k: number): number => Math.min(count, Math.floor((parts * k) / threads) * quantum);
  return [start(thread), start(thread + 1)];
}
