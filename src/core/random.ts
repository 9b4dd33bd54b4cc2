/**
 * Counter-based random numbers: the bits for counter i come from (seed, stream, i) alone, so a
 * state is one
 * whole number, any position can be reached at once, and the GPU computes the same bits
 * (shaders/lib/random.wgsl).
 * The mixing function is pcg4d of Jarzynski and Olano, "Hash Functions for GPU Rendering" (JCGT
 * 9/3, 2020), in 32-bit integers.
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
 * Streams keep the random numbers of unrelated uses apart. The numbers are part of the checkpoint
 * format.
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

/** A sequence of random numbers with a state that is one whole number. */
export class Random {
  /**
   * @param seed a whole number from 0 to 2³² − 1; entrances refuse others (`seedNumber`)
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

  /** Uniform in [0, 1), in steps of 2⁻²⁴: a number that single precision holds exactly. */
  uniform(): number {
    return (this.word() >>> 8) / 16777216;
  }

  /**
   * A whole number from 0 to `limit` − 1 without bias: the high part of word · limit, where the low
   * part is not among the 2³² mod limit that would favour some (Lemire, 2019). The remainder of a
   * division would do as well with other bits, but the low ones of pcg4d are uneven.
   */
  below(limit: number): number {
    const refused = 4294967296 % limit;
    for (;;) {
      const word = this.word();
      const high = Math.floor((word / 4294967296) * limit);
      // The product's low 32 bits, which a double cannot hold beside the high ones.
      if (Math.imul(word, limit) >>> 0 >= refused) return Math.min(high, limit - 1);
    }
  }

  /**
   * A normal deviate with mean 0 and deviation 1 (Box and Muller, 1958; the second deviate is not
   * kept, so that the state stays a counter).
   */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Shuffles in place (Fisher and Yates). */
  shuffle(items: number[] | Uint32Array): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
  }
}
