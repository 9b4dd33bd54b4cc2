import { Random, STREAM } from '../../../../src/graph.js';

/** A digit as pixels from 0 to 1, row by row. */
export interface RealDigit {
  readonly digit: string;
  readonly rows: number;
  readonly columns: number;
  readonly pixels: Float32Array;
}

/** The classes of real names. */
export const REAL_NAME_CLASSES = ['female', 'male'] as const;

/**
 * Returns handwritten digits of MNIST, the classes in turn. The seed determines which are learned.
 */
export async function realDigits(seed: number): Promise<RealDigit[]> {
  const { packed, side } = await import('virtual:real-digits');
  return shuffled(unpackDigits(packed, side), seed);
}

/** Decodes digits as the build has packed them: see `scripts/real-data.mjs`. */
export function unpackDigits(packed: string, side: number): RealDigit[] {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const size = Math.ceil((side * side) / 4);
  return Array.from({ length: bytes.length / size }, (_, i) => ({
    digit: String(i % 10),
    rows: side,
    columns: side,
    pixels: Float32Array.from(
      { length: side * side },
      (__, p) => ((bytes[i * size + (p >> 2)] >> (2 * (p & 3))) & 3) / 3,
    ),
  }));
}

/** Returns real first names with their class. */
export async function realNames(seed: number): Promise<{ readonly kind: string; readonly name: string }[]> {
  const { names } = await import('virtual:real-names');
  const all = REAL_NAME_CLASSES.flatMap((kind) => names[kind].map((name) => ({ kind, name })));
  return shuffled(all, seed);
}

/** Shuffles by Fisher and Yates. The same seed returns the same order. */
function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = new Random(seed, STREAM.data);
  const all = [...list];
  for (let i = all.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}
