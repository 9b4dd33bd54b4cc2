/** A browser has WebGPU of its own, or none. */
export function openDawn(): Promise<{ readonly gpu: undefined; readonly why: string }> {
  return Promise.resolve({ gpu: undefined, why: 'use a current browser over https or localhost' });
}
