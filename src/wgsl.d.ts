declare module '*.wgsl?raw' {
  const text: string;
  export default text;
}
declare module '*.txt?raw' {
  const text: string;
  export default text;
}
declare module '*.mjs?raw' {
  const text: string;
  export default text;
}

declare module '*/thread.js?raw' {
  const text: string;
  export default text;
}
declare module 'virtual:kernels/*' {
  /** A WebAssembly module of kernels/, in raw deflate and base64: scripts/kernels.mjs makes it. */
  export const deflated: string;
}
declare module 'wgsl-preprocessor/wgsl-preprocessor.js' {
  /** Template tag that resolves #if, #elif, #else and #endif, each followed by a value. */
  export function wgsl(strings: readonly string[], ...values: readonly unknown[]): string;
}
declare module '#dawn' {
  /** The GPU of Dawn in Node; why there is none where there is none, as in a browser. */
  export function openDawn(): Promise<
    { readonly gpu: GPU; readonly note: string } | { readonly gpu: undefined; readonly why: string }
  >;
  /** Where measured variants are kept in Node; nowhere in a browser. */
  export function defaultTuningStore(): import('./device/tuning/record.js').TuningStore | undefined;
}
