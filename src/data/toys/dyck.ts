import { OptionError } from '../../core/errors.js';
import { onlyKnown, wholeNumber } from '../../core/options.js';
import { between, chance } from '../../text/synthetic/language.js';
import type { Records } from '../records.js';
import { checkRange, madeRecords, type ToyOptions } from './options.js';

const PAIRS = ['()', '[]', '{}', '<>'] as const;

/** Options of `dyck`. */
export interface DyckOptions extends ToyOptions {
  /** Number of kinds of brackets, from 1 to 4. Default 2. */
  readonly kinds?: number;
  /** Largest number of open brackets. Default 6. */
  readonly deepest?: number;
  /** Smallest number of brackets in a word, even. Default 4. */
  readonly shortest?: number;
  /** Largest number of brackets in a word, even. Default 40. */
  readonly longest?: number;
}

/** The tag of a step after which no bracket is open. */
export const NONE_OPEN = 'none';

/**
 * Words of balanced brackets. Each bracket is tagged with the bracket that may close next:
 * `( [ ] ( ) )` has the tags `) ] ) ) ) none`. The task needs a stack of all open brackets.
 * - `tokens`: the brackets
 * - `tags`: for each bracket the one that closes the innermost open bracket, or `none`
 */
export function dyck(options: DyckOptions): Records<{ tokens: string[]; tags: string[] }> {
  onlyKnown('dyck', options, ['count', 'seed', 'kinds', 'deepest', 'shortest', 'longest']);
  const kinds = wholeNumber('kinds', options.kinds ?? 2, 1, PAIRS.length);
  const deepest = wholeNumber('deepest', options.deepest ?? 6);
  const [shortest, longest] = checkRange(options.shortest ?? 4, options.longest ?? 40);
  for (const [name, value] of Object.entries({ shortest, longest }))
    if (value % 2 !== 0) throw new OptionError(name, value, 'an even number: brackets come in pairs');
  return madeRecords(options, (random) => {
    const length = 2 * between(random, shortest / 2, longest / 2);
    const open: string[] = [];
    const tokens: string[] = [];
    const tags: string[] = [];
    while (tokens.length < length) {
      const left = length - tokens.length;
      const mayOpen = open.length < deepest && open.length < left;
      if (open.length === 0 || (mayOpen && chance(random, 0.5))) {
        const [opening, closing] = PAIRS[random.below(kinds)];
        tokens.push(opening);
        open.push(closing);
      } else tokens.push(open.pop() ?? '');
      tags.push(open.at(-1) ?? NONE_OPEN);
    }
    return { tokens, tags };
  });
}
