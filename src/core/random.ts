/**
 * Counter-based random numbers: the bits at counter i depend on (seed, stream, i) alone. So the
 * state is one whole number, any position can be reached at once, and the GPU computes the same
 * bits (shaders/lib/random.wgsl). The mixing function is pcg4d of Jarzynski and Olano, "Hash
 * Functions for GPU Rendering" (JCGT 9/3, 2020), in 32-bit integers.
 */

/** Mixes four 32-bit words into four random 32-bit words. */
export function pcg4d(x: number, y: number, z: number, w: number): readonly [number, number, number, number] {
  let a = (Math.imul(x, 1664525) + 1013904223) | 0;
  let b = (Math.imul(y, 1664525) + 1013904223) | 0;
  let c = (Math.imul(z, 1664525) + 1013904223) | 0;
  let d = (Math.imul(w, 1664525) + 1013904223) | 0;
  a = (a + Math.imul(b, d)) | 0;
  b = (b + Math.imul(c, a)) | 0;
  c = (c + Math.imul(a, b)) | 0;
  d = (d + Math.imul(b, c)) | 0;
  a ^= a >>> 16;
  b ^= b >>> 16;
  c ^= c >>> 16;
  d ^= d >>> 16;
  a = (a + Math.imul(b, d)) | 0;
  b = (b + Math.imul(c, a)) | 0;
  c = (c + Math.imul(a, b)) | 0;
  d = (d + Math.imul(b, c)) | 0;
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
}

/**
 * Each use of random numbers has a stream of its own. The numbers are part of the checkpoint
 * format, so they must not change.
 */
export const STREAM = {
  weights: 1,
  batches: 2,
  sampling: 3,
  data: 4,
  test: 5,
  dropout: 6,
  heldOut: 7,
  split: 8,
  runs: 9,
  forcing: 10,
  sweep: 11,
} as const;

/** A sequence of random numbers. Its state is one whole number, `position`. */
export class Random {
  /**
   * @param seed a whole number from 0 to 2³² − 1; public functions check it with `seedNumber`
   * @param stream see STREAM
   * @param position how many words have been drawn so far
   */
  constructor(
    readonly seed: number,
    readonly stream: number,
    public position = 0,
  ) {}

  /** The next 32 random bits, as a whole number from 0 to 2³² − 1. */
  word(): number {
    const block = Math.floor(this.position / 4);
    const words = pcg4d(this.seed, this.stream, block, Math.floor(block / 4294967296));
    return words[this.position++ % 4];
  }

  /** Uniform in [0, 1), in steps of 2⁻²⁴, which single precision represents exactly. */
  uniform(): number {
    return (this.word() >>> 8) / 16777216;
  }

  /**
   * A whole number from 0 to `limit` − 1 without bias (Lemire, 2019): the high 32 bits of
   * word · limit. Words whose low 32 bits are below 2³² mod limit are drawn again, since they would
   * favour some results. word mod limit would depend on the low bits of pcg4d, which are uneven.
   */
  below(limit: number): number {
    const refused = 4294967296 % limit;
    for (;;) {
      const word = this.word();
      const high = Math.floor((word / 4294967296) * limit);
      // Math.imul gives the low 32 bits, which the product in double precision loses.
      if (Math.imul(word, limit) >>> 0 >= refused) return Math.min(high, limit - 1);
    }
  }

  /**
   * A normal deviate with mean 0 and deviation 1 (Box and Muller, 1958). The second deviate of each
   * pair is not used, so that the state stays one counter.
   */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Shuffles `items` in place (Fisher and Yates). */
  shuffle(items: number[] | Uint32Array): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
  }
}
