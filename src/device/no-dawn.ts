import type { TuningStore } from './tuning/record.js';

/** A browser has WebGPU of its own, or none. */
export function openDawn(): Promise<{ readonly gpu: undefined; readonly why: string }> {
  return Promise.resolve({ gpu: undefined, why: 'use a current browser over https or localhost' });
}

/** A page gives a store of its own. */
export function defaultTuningStore(): TuningStore | undefined {
  return undefined;
}
