import type { Random } from '../../core/random.js';
import { between, chance, languageOf, pick } from './language.js';

const PAIRS = ['()', '[]', '{}', '<>'] as const;
const WORDS = ['ant', 'bee', 'cat', 'dog', 'elk', 'fox', 'gnu', 'hen'] as const;

/** Deepest nesting of brackets. */
export const DEEPEST = 6;

export const brackets = languageOf(
  'brackets',
  `Words in nested brackets of four kinds, up to ${DEEPEST} deep, and in quotes: (ant [bee "cat dog"] ` +
    '<elk>).',
  'A stack: which brackets are open, in which order; and a flag: inside a quotation or not. The longer ' +
    'a bracket stays open, the harder its closing is.',
  (random) => `${group(random, 1)}\n`,
);

function group(random: Random, depth: number): string {
  const [open, close] = pick(random, PAIRS);
  const inside = Array.from({ length: between(random, 1, 3) }, () => element(random, depth));
  return `${open}${inside.join(' ')}${close}`;
}

function element(random: Random, depth: number): string {
  if (depth < DEEPEST && chance(random, 0.5)) return group(random, depth + 1);
  if (!chance(random, 0.3)) return pick(random, WORDS);
  const quote = pick(random, ['"', "'"]);
  return quote + Array.from({ length: between(random, 1, 4) }, () => pick(random, WORDS)).join(' ') + quote;
}
