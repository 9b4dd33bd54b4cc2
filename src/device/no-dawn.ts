import type { TuningStore } from './tuning/record.js';

/** A browser has its own WebGPU, or none. */
export function openDawn(): Promise<{ readonly gpu: undefined; readonly why: string }> {
  return Promise.resolve({ gpu: undefined, why: 'use a current browser over https or localhost' });
}

/** A page passes its own store. */
export function defaultTuningStore(): TuningStore | undefined {
  return undefined;
}
