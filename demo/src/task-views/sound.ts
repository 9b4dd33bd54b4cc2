import type { Read } from '../tasks/view.js';

/** The sound that a network reads. */
export type Sound = Extract<Read, { kind: 'sound' }>;

/** Seconds of a frame: a dot of the fastest sender takes two. */
export const FRAME_SECONDS = 0.04;

/** Pitch of the lowest band in Hz, and how many times as high the highest is. */
const LOWEST_HZ = 350;
const RANGE = 4;
/** Loudness of a tone of level 1, so that the noise of all bands together fits. */
const VOLUME = 0.3;

/**
 * Returns the sound as samples from −1 to 1: a sine for each band, as loud as its level. Levels
 * below 0 are silent.
 * @param rate samples per second
 */
export function samplesOf({ frames, bands, levels }: Sound, rate: number): Float32Array<ArrayBuffer> {
  const perFrame = FRAME_SECONDS * rate;
  const samples = new Float32Array(Math.round(frames * perFrame));
  const level = (t: number, band: number): number =>
    Math.max(0, levels[Math.min(frames - 1, Math.max(0, t)) * bands + band]);
  for (let band = 0; band < bands; band++) {
    const turn = (2 * Math.PI * LOWEST_HZ * RANGE ** (band / Math.max(1, bands - 1))) / rate;
    for (let i = 0; i < samples.length; i++) {
      // Between the middles of two frames the level changes steadily, so that nothing clicks.
      const at = i / perFrame - 0.5;
      const before = Math.floor(at);
      const [from, to] = [level(before, band), level(before + 1, band)];
      samples[i] += VOLUME * (from + (to - from) * (at - before)) * Math.sin(turn * i);
    }
  }
  return samples.map((sample) => Math.min(1, Math.max(-1, sample)));
}
