/** Indices of the shared control words. */
export const WORD: Readonly<
  Record<'go' | 'end' | 'table' | 'arrived' | 'generation' | 'fault' | 'text' | 'size', number>
>;

/** Number of a call without a kernel: the first thread runs its reference. */
export const NO_KERNEL: number;

/** Runs tables on one thread: see thread.js. */
export interface Runner {
  run(address: number, reference?: (call: number) => void, observe?: (call: number) => void): void;
  serve(): void;
}

export function createRunner(thread: {
  readonly instance: WebAssembly.Instance;
  readonly memory: WebAssembly.Memory;
  readonly words: Int32Array;
  readonly index: number;
  readonly threads: number;
  readonly mayBlock: boolean;
  readonly patience: number;
  readonly tallTiles: boolean;
}): Runner;

export function kernelNames(exports: WebAssembly.Exports): string[];

export function abort(): never;
