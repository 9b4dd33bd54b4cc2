import { between, languageOf } from './language.js';

/** Largest n that occurs. */
export const LARGEST_COUNT = 24;

export const countingTwo = languageOf(
  'counting-ab',
  `Lines of a^n b^n: some a, then as many b; n from 1 to ${LARGEST_COUNT}.`,
  'A counter: after the first b everything is decided by how many a there were. A unit that goes up ' +
    'with a and down with b shows it.',
  (random) => {
    const n = between(random, 1, LARGEST_COUNT);
    return `${'a'.repeat(n)}${'b'.repeat(n)}\n`;
  },
);

export const countingThree = languageOf(
  'counting-abc',
  `Lines of a^n b^n c^n: some a, as many b, as many c; n from 1 to ${LARGEST_COUNT}. No context-free ` +
    'grammar describes them.',
  'Two counters at once: the count of a is needed for the b, and once more, or kept beside, for the c.',
  (random) => {
    const n = between(random, 1, LARGEST_COUNT);
    return `${'a'.repeat(n)}${'b'.repeat(n)}${'c'.repeat(n)}\n`;
  },
);
