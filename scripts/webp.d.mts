/** See webp.mjs. */
export function animated(frames: readonly Uint8Array[], durations: readonly number[]): Buffer;
