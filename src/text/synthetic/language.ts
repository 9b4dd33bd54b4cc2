import { seedNumber, wholeNumber } from '../../core/options.js';
import { Random, STREAM } from '../../core/random.js';

/**
 * A generator of texts with a known grammar, which shows what a network remembers.
 */
export interface SyntheticLanguage {
  readonly name: string;
  /** A description of the text. */
  readonly about: string;
  /** What a network must carry in its state to predict the text. */
  readonly whatMemory: string;
  /**
   * Whole lines (or items of several lines) with at least `characters` characters. Equal for equal
   * seeds.
   */
  generate(seed: number, characters: number): string;
}

/** Largest number of characters of a generated text, which is one string in memory. */
const MAX_CHARACTERS = 1e8;

/** A language whose texts are independent items. Each item ends with a line end. */
export function languageOf(
  name: string,
  about: string,
  whatMemory: string,
  item: (random: Random) => string,
): SyntheticLanguage {
  return {
    name,
    about,
    whatMemory,
    generate(seed, characters) {
      seedNumber(seed);
      wholeNumber('characters', characters, 1, MAX_CHARACTERS);
      const random = new Random(seed, STREAM.data);
      const items: string[] = [];
      for (let length = 0; length < characters; length += items[items.length - 1].length)
        items.push(item(random));
      return items.join('');
    },
  };
}

/** One of `choices`. All are equally likely. */
export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.below(choices.length)];
}

/** A whole number from `low` to `high`. */
export function between(random: Random, low: number, high: number): number {
  return low + random.below(high - low + 1);
}

/** True with the given probability. */
export function chance(random: Random, probability: number): boolean {
  return random.uniform() < probability;
}
