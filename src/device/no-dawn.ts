/** A browser has WebGPU of its own, or none. */
export function openDawn(): Promise<undefined> {
  return Promise.resolve(undefined);
}
